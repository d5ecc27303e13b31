using System.Text.Json;

namespace Bots.Simulators.Slack.Blocks;

/// <summary>The rules of one block element.</summary>
internal sealed class ElementCheck(Findings findings)
{
    private static readonly string[] Choices =
    [
        "static_select", "multi_static_select", "users_select", "multi_users_select", "conversations_select", "multi_conversations_select",
        "channels_select", "multi_channels_select", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker",
    ];

    public static readonly string[] InActions = [.. Choices, "button", "overflow"];
    public static readonly string[] InSections = [.. InActions, "image"];
    public static readonly string[] InInputs = [.. Choices, "plain_text_input", "number_input", "url_text_input", "email_text_input"];
    public static readonly string[] InContextActions = ["feedback_buttons", "icon_button"];

    public void Check(JsonElement element, string at, string[] allowed)
    {
        var type = Findings.TypeOf(element);
        if (type is null || !allowed.Contains(type))
        {
            findings.Add(type is null ? "missing required field: type" : $"unsupported type: {type}", type is null ? at : $"{at}/type");
            return;
        }

        findings.String(element, at, "action_id", 255);
        findings.Bool(element, at, "focus_on_load");
        findings.Text(element, at, "placeholder", 150, plain: true);
        if (element.TryGetProperty("confirm", out var confirm))
            Confirm(confirm, $"{at}/confirm");
        switch (type)
        {
            case "button":
                Button(element, at);
                break;
            case "image":
                findings.IsObject(element, at, "type", "image_url", "alt_text", "slack_file");
                Image(element, at);
                break;
            case "static_select" or "multi_static_select":
                findings.IsObject(element, at, "type", "action_id", "placeholder", "options", "option_groups", "initial_option", "initial_options", "max_selected_items", "confirm", "focus_on_load");
                Select(element, at);
                break;
            case "overflow":
                findings.IsObject(element, at, "type", "action_id", "options", "confirm");
                Options(element, at, 5);
                break;
            case "checkboxes" or "radio_buttons":
                findings.IsObject(element, at, "type", "action_id", "options", "initial_option", "initial_options", "confirm", "focus_on_load");
                Options(element, at, 10);
                break;
            case "feedback_buttons":
                Feedback(element, at);
                break;
            case "icon_button":
                findings.IsObject(element, at, "type", "action_id", "icon", "text", "value", "confirm", "accessibility_label", "visible_to_user_ids");
                findings.RequiredString(element, at, "icon", 255);
                findings.RequiredText(element, at, "text", 75, plain: true);
                findings.String(element, at, "value", 2000);
                break;
            case "plain_text_input":
                findings.IsObject(element, at, "type", "action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load");
                findings.Bool(element, at, "multiline");
                if (element.TryGetProperty("max_length", out var length) && (!length.TryGetInt32(out var max) || max is < 1 or > 3000))
                    findings.Add("must be between 1 and 3000", $"{at}/max_length");
                break;
        }
    }

    public void Image(JsonElement element, string at)
    {
        if (!element.TryGetProperty("slack_file", out _))
            findings.RequiredString(element, at, "image_url", 3000);
        findings.RequiredString(element, at, "alt_text", 2000);
    }

    private void Button(JsonElement element, string at)
    {
        findings.IsObject(element, at, "type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label");
        findings.RequiredText(element, at, "text", 75, plain: true);
        findings.String(element, at, "url", 3000);
        findings.String(element, at, "value", 2000);
        findings.String(element, at, "accessibility_label", 75);
        findings.OneOf(element, at, "style", "primary", "danger");
        if (element.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String && !Uri.TryCreate(url.GetString(), UriKind.Absolute, out _))
            findings.Add("must be a valid URL", $"{at}/url");
    }

    private void Select(JsonElement element, string at)
    {
        var (options, groups) = (element.TryGetProperty("options", out _), element.TryGetProperty("option_groups", out _));
        if (options == groups)
            findings.Add("exactly one of options and option_groups is needed", at);
        if (options)
            Options(element, at, 100);
        foreach (var (group, pointer) in findings.Items(element, at, "option_groups", 100))
        {
            if (!findings.IsObject(group, pointer, "label", "options"))
                continue;
            findings.RequiredText(group, pointer, "label", 75, plain: true);
            Options(group, pointer, 100);
        }
    }

    private void Options(JsonElement element, string at, int max)
    {
        findings.Has(element, at, "options");
        foreach (var (option, pointer) in findings.Items(element, at, "options", max))
        {
            if (!findings.IsObject(option, pointer, "text", "value", "description", "url"))
                continue;
            findings.RequiredText(option, pointer, "text", 75);
            findings.RequiredString(option, pointer, "value", 75);
            findings.Text(option, pointer, "description", 75);
        }
    }

    private void Confirm(JsonElement confirm, string at)
    {
        if (!findings.IsObject(confirm, at, "title", "text", "confirm", "deny", "style"))
            return;
        findings.RequiredText(confirm, at, "title", 100, plain: true);
        findings.RequiredText(confirm, at, "text", 300);
        findings.RequiredText(confirm, at, "confirm", 30, plain: true);
        findings.RequiredText(confirm, at, "deny", 30, plain: true);
        findings.OneOf(confirm, at, "style", "primary", "danger");
    }

    private void Feedback(JsonElement element, string at)
    {
        findings.IsObject(element, at, "type", "action_id", "positive_button", "negative_button");
        foreach (var name in new[] { "positive_button", "negative_button" })
        {
            if (!findings.Has(element, at, name) || !findings.IsObject(element.GetProperty(name), $"{at}/{name}", "text", "value", "accessibility_label"))
                continue;
            findings.RequiredText(element.GetProperty(name), $"{at}/{name}", "text", 75, plain: true);
            findings.RequiredString(element.GetProperty(name), $"{at}/{name}", "value", 2000);
        }
    }
}
