using System.Buffers;
using Bots.Engine.Models;
using Bots.Engine.Sessions;

namespace Bots.Gateway;

/// <summary>Counts the tokens of one response while its bytes go by.</summary>
internal sealed class UsageMeter
{
    private readonly UsageReader _reader;
    private readonly SseScanner? _events;
    private readonly ArrayBufferWriter<byte>? _body;

    public UsageMeter(ModelKind kind, HttpContent content)
    {
        _reader = new UsageReader(kind);
        IsAnswer = content.Headers.ContentType?.MediaType is "text/event-stream" or "application/json";
        if (content.Headers.ContentEncoding.Count > 0) return;
        if (content.Headers.ContentType?.MediaType == "text/event-stream") _events = new SseScanner(_reader.Read);
        else _body = new ArrayBufferWriter<byte>();
    }

    /// <summary>Of the answer, so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>True for what a model answers with; not for, say, the page of a server that is none.</summary>
    public bool IsAnswer { get; }

    /// <summary>What a call may have used of which the provider told nothing: a token for four bytes.</summary>
    public static TokenUsage Estimate(long asked, long answered) => new((asked + 3) / 4, (answered + 3) / 4) { IsEstimate = true };

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        _events?.Feed(bytes);
        if (_body is not null && _body.WrittenCount + bytes.Length <= SseScanner.DefaultLimit) _body.Write(bytes);
    }

    /// <summary>What was used, as far as the provider told; also of a response that broke off.</summary>
    public TokenUsage? Finish()
    {
        _events?.Finish();
        if (_body is not null) _reader.Read(_body.WrittenSpan);
        return _reader.Usage;
    }
}
