namespace Bots.Simulators.Slack.Api;

/// <summary>Emoji that exist in every workspace: not all of them, but those a bot would use.</summary>
internal static class Emoji
{
    private static readonly HashSet<string> Standard = new(StringComparer.Ordinal)
    {
        "+1", "-1", "thumbsup", "thumbsdown", "eyes", "white_check_mark", "heavy_check_mark", "ballot_box_with_check", "x", "negative_squared_cross_mark",
        "hourglass", "hourglass_flowing_sand", "stopwatch", "alarm_clock", "watch", "warning", "no_entry", "no_entry_sign", "octagonal_sign", "rotating_light",
        "exclamation", "question", "grey_question", "grey_exclamation", "bangbang", "interrobang", "robot_face", "gear", "wrench", "hammer", "hammer_and_wrench",
        "rocket", "tada", "sparkles", "fire", "zap", "boom", "bulb", "mag", "mag_right", "memo", "pencil", "pencil2", "speech_balloon", "thought_balloon", "zzz",
        "arrows_counterclockwise", "arrow_right", "arrow_forward", "arrow_up", "arrow_down", "repeat", "double_vertical_bar", "black_square_for_stop", "stop_sign",
        "lock", "unlock", "key", "shield", "bug", "package", "link", "paperclip", "pushpin", "bookmark", "label", "clipboard", "calendar", "bell", "no_bell",
        "large_green_circle", "red_circle", "large_blue_circle", "large_yellow_circle", "large_orange_circle", "white_circle", "black_circle",
        "green_heart", "heart", "broken_heart", "wave", "pray", "clap", "raised_hand", "hand", "point_up", "ok_hand", "muscle", "smile", "slightly_smiling_face",
        "thinking_face", "face_with_monocle", "sweat_smile", "cry", "sob", "confused", "coffee", "construction", "traffic_light", "checkered_flag", "100", "seedling",
        "inbox_tray", "outbox_tray", "email", "computer", "desktop_computer", "keyboard", "file_folder", "open_file_folder", "page_facing_up", "chart_with_upwards_trend",
        "moneybag", "information_source", "id", "ok", "new", "free", "soon", "end", "back", "one", "two", "three", "raising_hand", "brain", "test_tube", "broom", "twisted_rightwards_arrows",
    };

    public static bool IsKnown(string name, IReadOnlyList<string> custom) => Standard.Contains(name) || custom.Contains(name);
}
