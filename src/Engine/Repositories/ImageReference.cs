using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>Names of images: <c>node:22</c>, <c>ghcr.io/acme/tools:1</c>, <c>localhost:5000/x@sha256:…</c>.</summary>
internal static partial class ImageReference
{
    public static bool IsValid(string name) => Form().IsMatch(name);

    [GeneratedRegex(@"^(?=.{1,255}\z)[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]+(?=/))?(/[A-Za-z0-9][A-Za-z0-9._-]*)*(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex Form();
}
