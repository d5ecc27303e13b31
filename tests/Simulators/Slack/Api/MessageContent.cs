using System.Text;
using System.Text.Json;
using Bots.Simulators.Slack.Blocks;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>The content arguments that posting, editing and answering share, checked.</summary>
/// <param name="Blocks">Null when none were given; an empty list when they are to be removed.</param>
/// <param name="Metadata">An empty object removes it.</param>
internal sealed record MessageContent(string? Text, JsonElement? Blocks, JsonElement? Metadata)
{
    private const int MaxText = 40_000;
    private const int MaxMarkdown = 12_000;
    private const int MaxMetadataBytes = 8_192;

    public bool HasBlocks => Blocks is { } blocks && blocks.GetArrayLength() > 0;

    /// <exception cref="SlackRefusal">Slack would not take it.</exception>
    public static MessageContent Read(SlackArgs args, bool required = true)
    {
        var text = args.Text("text");
        var markdown = args.Text("markdown_text");
        var blocks = args.Json("blocks", "invalid_blocks_format");
        if (blocks is { ValueKind: JsonValueKind.Null })
            blocks = null;
        if (markdown is { Length: > 0 })
        {
            if (text is { Length: > 0 } || blocks is { ValueKind: JsonValueKind.Array })
                throw new SlackRefusal("markdown_text_conflict");
            if (markdown.Length > MaxMarkdown)
                throw new SlackRefusal("msg_too_long");
            text = markdown;
        }

        if (blocks is { } list)
            blocks = Check(list);
        var content = new MessageContent(text is { Length: > MaxText } ? text[..MaxText] : text, blocks, Meta(args));
        return required && string.IsNullOrWhiteSpace(content.Text) && !content.HasBlocks ? throw new SlackRefusal("no_text") : content;
    }

    private static JsonElement Check(JsonElement blocks)
    {
        if (blocks.ValueKind != JsonValueKind.Array)
            throw new SlackRefusal("invalid_blocks_format");
        var findings = BlockRules.Check(blocks, BlockSurface.Message);
        if (findings.Count > 0)
            throw new SlackRefusal("invalid_blocks", [.. findings]);
        if (BlockRules.MarkdownLength(blocks) > MaxMarkdown)
            throw new SlackRefusal("msg_blocks_too_long", $"[ERROR] markdown blocks hold more than {MaxMarkdown} characters together");
        return BlockIds.Fill(blocks);
    }

    /// <summary>Slack publishes no size; what this takes is far below any size that was seen to fail.</summary>
    private static JsonElement? Meta(SlackArgs args)
    {
        if (args.Json("metadata", "invalid_metadata_format") is not { ValueKind: not JsonValueKind.Null } metadata)
            return null;
        if (metadata.ValueKind != JsonValueKind.Object)
            throw new SlackRefusal("invalid_metadata_format");
        if (!metadata.EnumerateObject().Any())
            return metadata;
        if (!metadata.TryGetProperty("event_type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString()!.Length == 0
            || !metadata.TryGetProperty("event_payload", out var payload) || payload.ValueKind != JsonValueKind.Object)
            throw new SlackRefusal("invalid_metadata_schema");
        return Encoding.UTF8.GetByteCount(payload.GetRawText()) > MaxMetadataBytes ? throw new SlackRefusal("metadata_too_large") : metadata;
    }
}
