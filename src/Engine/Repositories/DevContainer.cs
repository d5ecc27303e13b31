using System.Text.Json;

namespace Bots.Engine.Repositories;

/// <summary>Reads <c>devcontainer.json</c>: what of it a sandbox can honour, and a remark on the rest. Pure.</summary>
internal sealed class DevContainer
{
    private const int MostDepth = 20;

    /// <summary>About the editor, or true of every sandbox anyway.</summary>
    private static readonly HashSet<string> Irrelevant = new(StringComparer.Ordinal)
    {
        "$schema", "name", "customizations", "settings", "extensions", "devPort", "init", "updateRemoteUserUID", "userEnvProbe", "shutdownAction", "waitFor", "overrideCommand",
        "hostRequirements", "postAttachCommand", "overrideFeatureInstallOrder", "portsAttributes", "otherPortsAttributes",
    };

    private readonly Remarks _remarks;
    private readonly List<string> _ignored = [];

    private DevContainer(string name) => _remarks = new Remarks(name);

    /// <param name="name">The file's path, for the remarks.</param>
    /// <returns>What it says; null and empty where it is silent.</returns>
    public static RepositorySettings Read(string name, string text)
    {
        var file = new DevContainer(name);
        var settings = file.Settings(text);
        if (file._ignored.Count > 0) file._remarks.AddWhole($"I could not honour {string.Join(", ", file._ignored)}. The sandbox goes without.");
        return settings with { Remarks = file._remarks.All };
    }

    private RepositorySettings Settings(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MostDepth });
            if (json.RootElement.ValueKind == JsonValueKind.Object) return Settings(json.RootElement);
            _remarks.Add(new(1, 1), "this is no object; write { \"image\": … }.");
        }
        catch (JsonException e)
        {
            // From 0 both; the column in bytes, which differs from characters in few lines.
            var at = new Place((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
            _remarks.Add(at, $"this is no JSON: {Words(e.Message)} Until it is mended, nothing in this file holds.");
        }

        return RepositorySettings.Default;
    }

    private RepositorySettings Settings(JsonElement root)
    {
        var variables = new DevContainerVariables(_remarks);
        var container = variables.Environment(root, "containerEnv", new Dictionary<string, string>());
        var settings = RepositorySettings.Default with
        {
            Image = Image(root),
            Environment = variables.Environment(root, "remoteEnv", container),
            Setup = Script(root, "onCreateCommand", "updateContentCommand", "postCreateCommand"),
            Start = Script(root, "postStartCommand"),
        };
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == "features") Features(property.Value);
            else if (!Irrelevant.Contains(property.Name) && !IsHonoured(property) && !IsNothing(property.Value)) Ignore(property.Name);
        }

        return settings;
    }

    private string? Image(JsonElement root)
    {
        if (!root.TryGetProperty("image", out var image)) return null;
        if (image.ValueKind == JsonValueKind.String && DevContainerVariables.Resolve(image.GetString()!) is { } name && ImageReference.IsValid(name)) return name;
        _remarks.AddWhole("image is no name of an image; write one like node:22.");
        return null;
    }

    private string? Script(JsonElement root, params ReadOnlySpan<string> names)
    {
        var scripts = new List<string>();
        foreach (var name in names)
        {
            if (!root.TryGetProperty(name, out var command) || IsNothing(command)) continue;
            if (DevContainerCommand.Read(command) is { } script) scripts.Add(script);
            else _remarks.AddWhole($"{name} cannot be run: write a command as a text, or a program with its arguments as a list, without ${{localEnv:…}}.");
        }

        return scripts.Count == 0 ? null : DevContainerCommand.OneAfterTheOther(scripts);
    }

    private void Features(JsonElement features)
    {
        if (features.ValueKind != JsonValueKind.Object)
        {
            Ignore("features");
            return;
        }

        foreach (var feature in features.EnumerateObject())
        {
            if (!DevContainerFeature.IsThere(feature.Name, feature.Value)) Ignore($"the feature {feature.Name[(feature.Name.LastIndexOf('/') + 1)..]}");
        }
    }

    private void Ignore(string what)
    {
        if (_ignored.Count < 30) _ignored.Add(YamlTree.VisibleName(what));
    }

    /// <summary>The workspace's place is given; where the file wants the same, all is well.</summary>
    private static bool IsHonoured(JsonProperty property) => property.Name switch
    {
        "image" or "containerEnv" or "remoteEnv" or "onCreateCommand" or "updateContentCommand" or "postCreateCommand" or "postStartCommand" => true,
        "workspaceFolder" => property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() is "/workspace" or "/workspace/",
        _ => false,
    };

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    /// <summary>The reader's own words name the place once more, and from 0.</summary>
    private static string Words(string message) => message.Split((string[])[" Path:", " LineNumber:", " Change the reader options"], StringSplitOptions.None)[0].Trim().TrimEnd('.') + ".";
}
