using System.Text;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Files and folders of a commit.</summary>
internal sealed class ContentEndpoints(World world)
{
    /// <summary>Up to this size a file's content stands in the JSON; beyond, only raw.</summary>
    private const int MaxInline = 1024 * 1024;

    public void Map(IEndpointRouteBuilder api) => api.MapGet("/repos/{owner}/{repo}/contents/{**path}", Get).Reads("contents");

    private async Task Get(HttpContext http)
    {
        var call = Call.Of(http);
        var repository = call.Repository;
        var path = (call.Route("path") ?? "").Trim('/');
        var name = call.Query("ref") ?? repository.DefaultBranch;
        var sha = await BareRepository.Resolve(repository.Path, name) ?? throw new ApiException(404, $"No commit found for the ref {name}");
        if (path.Length == 0)
        {
            await Answer.Ok(http, Listing(repository, name, "", await Tree(repository, sha)));
            return;
        }

        var entry = (await Tree(repository, sha, path)).SingleOrDefault() ?? throw ApiException.NotFound();
        if (entry.Type == "tree") await Answer.Ok(http, Listing(repository, name, path + "/", await Tree(repository, entry.Sha)));
        else await File(http, call, name, entry with { Path = path });
    }

    private async Task File(HttpContext http, Call call, string name, Entry entry)
    {
        var bytes = await GitBlob.Read(call.Repository.Path, entry.Sha);
        if (call.Accepts("raw"))
        {
            http.Response.ContentType = "application/vnd.github.raw+json; charset=utf-8";
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
            return;
        }

        var json = Describe(call.Repository, name, entry);
        json["content"] = bytes.Length <= MaxInline ? Wrapped(bytes) : "";
        json["encoding"] = bytes.Length <= MaxInline ? "base64" : "none";
        await Answer.Ok(http, json);
    }

    private JsonArray Listing(Repository repository, string name, string prefix, IReadOnlyList<Entry> entries) =>
        [.. entries.Select(e => Describe(repository, name, e with { Path = prefix + e.Path }))];

    private JsonObject Describe(Repository repository, string name, Entry entry)
    {
        var path = string.Join('/', entry.Path.Split('/').Select(Uri.EscapeDataString));
        var api = new Uri(world.ApiUrl, $"repos/{repository.FullName}/");
        var type = entry.Type == "tree" ? "dir" : entry.Type == "commit" ? "submodule" : entry.Mode == "120000" ? "symlink" : "file";
        var self = new Uri(api, $"contents/{path}?ref={Uri.EscapeDataString(name)}").AbsoluteUri;
        var git = new Uri(api, $"git/{(type == "dir" ? "trees" : "blobs")}/{entry.Sha}").AbsoluteUri;
        var html = new Uri(world.WebUrl, $"{repository.FullName}/{(type == "dir" ? "tree" : "blob")}/{name}/{path}").AbsoluteUri;
        return new JsonObject
        {
            ["name"] = entry.Path.Split('/')[^1],
            ["path"] = entry.Path,
            ["sha"] = entry.Sha,
            ["size"] = entry.Size,
            ["url"] = self,
            ["html_url"] = html,
            ["git_url"] = git,
            ["download_url"] = type == "dir" ? null : new Uri(world.WebUrl, $"{repository.FullName}/raw/{name}/{path}").AbsoluteUri,
            ["type"] = type,
            ["_links"] = new JsonObject { ["self"] = self, ["git"] = git, ["html"] = html },
        };
    }

    private static async Task<IReadOnlyList<Entry>> Tree(Repository repository, string tree, string? path = null)
    {
        string[] only = path is null ? [] : ["--", path];
        var listing = await GitCommand.Run(repository.Path, ["ls-tree", "-z", "--long", tree, .. only]);
        return [.. listing.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Entry.Parse)];
    }

    /// <summary>Base64 in lines of 60 characters, as the original writes it.</summary>
    private static string Wrapped(byte[] bytes)
    {
        var lines = new StringBuilder();
        foreach (var line in Convert.ToBase64String(bytes).Chunk(60)) lines.Append(line).Append('\n');
        return lines.ToString();
    }

    private sealed record Entry(string Mode, string Type, string Sha, long Size, string Path)
    {
        public static Entry Parse(string line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var fields = line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new Entry(fields[0], fields[1], fields[2], long.TryParse(fields[3], out var size) ? size : 0, line[(tab + 1)..]);
        }
    }
}
