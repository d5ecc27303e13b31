using Bots.Engine.Models;

namespace Bots.Gateway;

/// <summary>What the gateway reads from a model call, and the body it sends on.</summary>
/// <param name="Model">As the caller names it.</param>
internal sealed record ModelRequest(string Model, ReadOnlyMemory<byte> Body)
{
    /// <summary>A call without a body.</summary>
    public static readonly ModelRequest None = new("", default);

    /// <summary>Every model that may answer this call.</summary>
    public IReadOnlyList<string> Models { get; private init; } = [Model];

    /// <summary>What in it lets the provider itself reach other hosts, in words; null for nothing.</summary>
    public string? Hosted { get; private init; }

    /// <summary>True when the provider is to work on it while nobody listens, and so nobody hears what it used.</summary>
    public bool IsBackground { get; private init; }

    /// <summary>Reads a call. Asks a streamed chat completion for its usage; any other body stays as it is, byte for byte.</summary>
    /// <exception cref="FormatException">It cannot be passed on; the message is for the caller.</exception>
    public static ModelRequest Read(ReadOnlyMemory<byte> body, ModelKind kind, bool mustAskForUsage)
    {
        var read = new ModelBody(body.Span, kind);
        read.Read();
        return new ModelRequest(read.Models[0], mustAskForUsage && read.Streams ? UsageDemand.Of(body) : body)
        {
            Models = read.Models,
            Hosted = read.Hosted,
            IsBackground = read.IsBackground,
        };
    }
}
