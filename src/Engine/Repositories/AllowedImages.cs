using Bots.Engine.Permissions;
using Bots.Engine.Sandboxes;

namespace Bots.Engine.Repositories;

/// <summary>
/// Which images repositories may name. The engine has more than they should: other teams', and whatever else runs on the machine. Pure.
/// </summary>
public static class AllowedImages
{
    /// <summary>The same without an image that is not allowed, and with a remark on it. Names are compared as written, so that an image's id is none.</summary>
    public static RepositorySettings Only(SandboxOptions options, RepositorySettings settings)
    {
        if (options.Provider != "docker" || settings.Image is not { } image || options.Images.Any(pattern => Wildcard.Matches(pattern, image))) return settings;
        var remark = $"The image {image} is not allowed here, so the sandboxes of this repository are made of the default one. Whoever runs the service can allow it: `Sandbox:Docker:Images`.";
        return settings with { Image = null, Remarks = [.. settings.Remarks, remark] };
    }

    /// <summary>Whether a pattern can match anything: an image's name in which <c>*</c> stands for any part.</summary>
    public static bool IsPattern(string text) => ImageReference.IsValid(text.Replace('*', 'x'));
}
