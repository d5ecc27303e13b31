using System.Text.Json.Serialization;

namespace Bots.Slack.Wire;

/// <summary>Block Kit, as far as it is used.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SectionBlock), "section")]
[JsonDerivedType(typeof(ContextBlock), "context")]
[JsonDerivedType(typeof(ActionsBlock), "actions")]
[JsonDerivedType(typeof(InputBlock), "input")]
internal abstract record Block
{
    public string? BlockId { get; init; }
}

internal sealed record SectionBlock(TextObject Text) : Block
{
    /// <summary>Shows all of a long text instead of "see more".</summary>
    public bool? Expand { get; init; }
}

internal sealed record ContextBlock(IReadOnlyList<TextObject> Elements) : Block;

internal sealed record ActionsBlock(IReadOnlyList<Element> Elements) : Block;

internal sealed record InputBlock(TextObject Label, Element Element) : Block;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ButtonElement), "button")]
[JsonDerivedType(typeof(SelectElement), "static_select")]
[JsonDerivedType(typeof(TextInputElement), "plain_text_input")]
internal abstract record Element
{
    public required string ActionId { get; init; }
}

internal sealed record ButtonElement(TextObject Text) : Element
{
    public string? Value { get; init; }

    public Uri? Url { get; init; }

    /// <summary>primary or danger.</summary>
    public string? Style { get; init; }
}

internal sealed record SelectElement(TextObject Placeholder, IReadOnlyList<SelectOption> Options) : Element;

internal sealed record SelectOption(TextObject Text, string Value)
{
    public TextObject? Description { get; init; }
}

internal sealed record TextInputElement : Element
{
    public bool Multiline { get; init; }

    public int? MaxLength { get; init; }

    public TextObject? Placeholder { get; init; }
}

internal sealed record ModalView
{
    public string Type { get; } = "modal";

    public required string CallbackId { get; init; }

    public required string PrivateMetadata { get; init; }

    public required TextObject Title { get; init; }

    public required TextObject Submit { get; init; }

    public required TextObject Close { get; init; }

    public required IReadOnlyList<Block> Blocks { get; init; }
}

/// <param name="Type">mrkdwn or plain_text.</param>
internal sealed record TextObject(string Type, string Text)
{
    /// <summary>True keeps Slack from finding links and names in the text by itself.</summary>
    public bool? Verbatim { get; init; }

    public static TextObject Mrkdwn(string text) => new("mrkdwn", text) { Verbatim = true };

    public static TextObject Plain(string text) => new("plain_text", text);
}
