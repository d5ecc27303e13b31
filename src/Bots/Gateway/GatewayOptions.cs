using System.ComponentModel.DataAnnotations;
using Bots.Configuration;

namespace Bots.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed record GatewayOptions
{
    /// <summary>The largest push that is taken. It is put aside on disk while it is checked.</summary>
    [Range(typeof(ByteSize), "1MiB", "100GiB")]
    public ByteSize MaxPushSize { get; init; } = ByteSize.Parse("1GiB");
}
