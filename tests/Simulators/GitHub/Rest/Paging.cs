using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Bots.Simulators.GitHub.Rest;

/// <summary><c>page</c> and <c>per_page</c> (at most 100, 30 by default), and the <c>Link</c> header that goes with them.</summary>
internal sealed record Paging(int Page, int Size)
{
    public static Paging Of(HttpRequest request) => new(
        int.TryParse(request.Query["page"], out var page) ? Math.Max(page, 1) : 1,
        int.TryParse(request.Query["per_page"], out var size) && size > 0 ? Math.Min(size, 100) : 30);

    public string Links(HttpRequest request, int total)
    {
        var last = Math.Max(1, (total + Size - 1) / Size);
        var links = new List<string>();
        if (Page > 1) links.Add(Link(request, Math.Min(Page - 1, last), "prev"));
        if (Page < last) links.Add(Link(request, Page + 1, "next"));
        if (Page < last) links.Add(Link(request, last, "last"));
        if (Page > 1) links.Add(Link(request, 1, "first"));
        return string.Join(", ", links);
    }

    private static string Link(HttpRequest request, int page, string relation)
    {
        var query = QueryString.Create(request.Query.Where(p => p.Key != "page").Append(new("page", page.ToString())));
        return $"<{UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path, query)}>; rel=\"{relation}\"";
    }
}
