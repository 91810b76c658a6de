// Common emoji; any other is shown as its name in colons.

const TABLE = `+1 👍 -1 👎 100 💯 alarm_clock ⏰ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️
arrows_counterclockwise 🔄 ballot_box_with_check ☑️ bar_chart 📊 bell 🔔 blue_book 📘 book 📖
bookmark 🔖 books 📚 brain 🧠 bug 🐛 bulb 💡 calendar 📆 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 clap 👏 clipboard 📋 cloud ☁️ compass 🧭 construction 🚧 cry 😢
dart 🎯 dog 🐶 card_index 📇 exclamation ❗ eyes 👀 file_folder 📁 fire 🔥 flashlight 🔦 game_die 🎲
gear ⚙️ gem 💎 globe_with_meridians 🌐 green_book 📗 green_circle 🟢 grey_question ❔ grin 😁
hammer_and_wrench 🛠️ heart ❤️ heavy_check_mark ✔️ heavy_minus_sign ➖ heavy_plus_sign ➕
hourglass ⌛ hourglass_flowing_sand ⏳ information_source ℹ️ inbox_tray 📥 jigsaw 🧩 key 🔑 label 🏷️
large_blue_circle 🔵 link 🔗 lock 🔒 mag 🔍 mag_right 🔎 mega 📣 memo 📝 microscope 🔬 milky_way 🌌
mountain ⛰️ no_entry ⛔ no_entry_sign 🚫 notebook 📓 ok_hand 👌 open_book 📖 orange_circle 🟠
outbox_tray 📤 package 📦 page_facing_up 📄 paperclip 📎 pencil ✏️ pencil2 ✏️ pushpin 📌
question ❓ radio_button 🔘 raised_hands 🙌 recycle ♻️ red_circle 🔴 repeat 🔁 robot_face 🤖
rocket 🚀 rotating_light 🚨 round_pushpin 📍 satellite 🛰️ scales ⚖️ seedling 🌱 shrug 🤷 slightly_smiling_face 🙂
smile 😄 smiley 😃 sparkles ✨ speech_balloon 💬 star ⭐ star2 🌟 stopwatch ⏱️ tada 🎉 telescope 🔭
test_tube 🧪 thinking_face 🤔 thought_balloon 💭 thumbsdown 👎 thumbsup 👍 triangular_ruler 📐 twisted_rightwards_arrows 🔀
unlock 🔓 warning ⚠️ wastebasket 🗑️ wave 👋 white_check_mark ✅ white_circle ⚪ world_map 🗺️ wrench 🔧
writing_hand ✍️ x ❌ yellow_circle 🟡 zap ⚡ zzz 💤 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣`;

const EMOJI = new Map();
const parts = TABLE.split(/\s+/);
for (let i = 0; i + 1 < parts.length; i += 2) EMOJI.set(parts[i], parts[i + 1]);

export const emoji = (name) => EMOJI.get(name) || null;
