// The shortcodes people and the bot use most; any other stays as it is written.

const EMOJI = {
  '+1': '👍', '-1': '👎', thumbsup: '👍', thumbsdown: '👎', eyes: '👀', white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', gear: '⚙️', hammer_and_wrench: '🛠️', wrench: '🔧', robot_face: '🤖', rocket: '🚀', tada: '🎉',
  octagonal_sign: '🛑', no_entry: '⛔', no_entry_sign: '🚫', raised_hand: '✋', hand: '✋', wave: '👋', pray: '🙏', clap: '👏', fire: '🔥', bug: '🐛',
  sparkles: '✨', bulb: '💡', memo: '📝', pencil: '📝', pencil2: '✏️', mag: '🔍', link: '🔗', lock: '🔒', unlock: '🔓', key: '🔑', package: '📦',
  question: '❓', exclamation: '❗', information_source: 'ℹ️', heart: '❤️', smile: '😄', slightly_smiling_face: '🙂', simple_smile: '🙂', grin: '😁',
  joy: '😂', thinking_face: '🤔', confused: '😕', disappointed: '😞', sob: '😭', tired_face: '😫', sunglasses: '😎', stopwatch: '⏱️', clock1: '🕐',
  computer: '💻', file_folder: '📁', page_facing_up: '📄', clipboard: '📋', chart_with_upwards_trend: '📈', speech_balloon: '💬', bell: '🔔',
  arrow_right: '➡️', arrow_forward: '▶️', black_square_for_stop: '⏹️', double_vertical_bar: '⏸️', repeat: '🔁', arrows_counterclockwise: '🔄',
  large_green_circle: '🟢', large_yellow_circle: '🟡', red_circle: '🔴', large_blue_circle: '🔵', white_circle: '⚪', ballot_box_with_check: '☑️',
  seedling: '🌱', herb: '🌿', books: '📚', test_tube: '🧪', construction: '🚧', zap: '⚡', hundred: '💯', muscle: '💪', ok_hand: '👌', point_right: '👉',
};

/** The character of a shortcode (without colons), or null. */
export function emoji(name) {
  return EMOJI[name.split('::')[0]] ?? null;
}
