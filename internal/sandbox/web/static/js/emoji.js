// The emoji that apps like to use, by Slack's names. Others stay as :name:.

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️", rotating_light: "🚨",
  telephone_receiver: "📞", telephone: "☎️", phone: "☎️", iphone: "📱", calling: "📲", email: "📧", envelope: "✉️", incoming_envelope: "📨", speech_balloon: "💬",
  wrench: "🔧", hammer_and_wrench: "🛠️", gear: "⚙️", toolbox: "🧰", printer: "🖨️", screwdriver: "🪛", nut_and_bolt: "🔩",
  car: "🚗", truck: "🚚", blue_car: "🚙", round_pushpin: "📍", pushpin: "📌", world_map: "🗺️", house: "🏠", office: "🏢", factory: "🏭",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", clock1: "🕐", clock9: "🕘", stopwatch: "⏱️", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", large_purple_circle: "🟣", white_circle: "⚪", black_circle: "⚫",
  large_green_square: "🟩", large_red_square: "🟥", large_blue_square: "🟦", large_yellow_square: "🟨",
  bell: "🔔", no_bell: "🔕", loudspeaker: "📢", mega: "📣", eyes: "👀", wave: "👋", pray: "🙏", clap: "👏", raised_hands: "🙌", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", ok_hand: "👌", point_right: "👉", raised_hand: "✋", hand: "✋",
  smile: "😄", slightly_smiling_face: "🙂", simple_smile: "🙂", grin: "😁", joy: "😂", thinking_face: "🤔", cry: "😢", disappointed: "😞", sweat_smile: "😅", tada: "🎉", fire: "🔥", star: "⭐", sparkles: "✨", rocket: "🚀", heart: "❤️", bulb: "💡", trophy: "🏆",
  memo: "📝", clipboard: "📋", page_facing_up: "📄", bookmark_tabs: "📑", card_index: "📇", file_folder: "📁", open_file_folder: "📂", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", paperclip: "📎", mag: "🔍", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑", label: "🏷️", moneybag: "💰", dollar: "💵", receipt: "🧾",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", construction_worker: "👷", technologist: "🧑‍💻", mechanic: "🧑‍🔧", robot_face: "🤖", information_source: "ℹ️", question: "❓", exclamation: "❗", grey_question: "❔", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", zzz: "💤", checkered_flag: "🏁", package: "📦", new: "🆕", inbox_tray: "📥", outbox_tray: "📤", seedling: "🌱", snowflake: "❄️", sunny: "☀️", umbrella: "☔", heavy_plus_sign: "➕", double_vertical_bar: "⏸️", black_square_for_stop: "⏹️", arrow_forward: "▶️",
};

// emoji returns the character for a name, or the name in colons.
export const emoji = (name) => EMOJI[name.split("::")[0]] || `:${name}:`;

// withEmoji replaces :names: in a text.
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+(?:::[a-z0-9-]+)?):/g, (all, name) => EMOJI[name.split("::")[0]] || all);
