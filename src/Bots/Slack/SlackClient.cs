using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bots.Engine.Surfaces;
using Bots.Engine.Telemetry;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Slack's Web API, for exactly the calls that are made. Every failure is a <see cref="SurfaceException"/>.</summary>
internal sealed class SlackClient(IHttpClientFactory clients, SlackLimits limits)
{
    public const string HttpClientName = "slack";

    private const int PageSize = 200;

    public async Task<AuthTestResponse> AuthTest(CancellationToken cancellation)
    {
        await limits.Enter("auth.test", cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("auth.test", UriKind.Relative)) { Content = new FormUrlEncodedContent([]) };
        return await Send("auth.test", request, SlackJson.Wire.AuthTestResponse, idempotent: true, harmless: null, cancellation);
    }

    /// <summary>As all that shows: whoever calls it has asked <see cref="SlackLimits.Admit"/> before.</summary>
    public Task<PostResponse> PostMessage(PostMessageRequest request, CancellationToken cancellation) =>
        Post("chat.postMessage", request, SlackJson.Wire.PostMessageRequest, SlackJson.Wire.PostResponse, idempotent: false, cancellation);

    public Task<PostResponse> Update(UpdateMessageRequest request, CancellationToken cancellation) =>
        Post("chat.update", request, SlackJson.Wire.UpdateMessageRequest, SlackJson.Wire.PostResponse, idempotent: true, cancellation);

    public Task<PostResponse> PostEphemeral(PostEphemeralRequest request, CancellationToken cancellation) =>
        Post("chat.postEphemeral", request, SlackJson.Wire.PostEphemeralRequest, SlackJson.Wire.PostResponse, idempotent: false, cancellation);

    /// <summary>A reaction that is there already is a success.</summary>
    public Task AddReaction(AddReactionRequest request, CancellationToken cancellation) =>
        Post("reactions.add", request, SlackJson.Wire.AddReactionRequest, SlackJson.Wire.SlackResponse, idempotent: true, cancellation, harmless: "already_reacted");

    public async Task OpenView(OpenViewRequest request, CancellationToken cancellation)
    {
        await limits.Enter("views.open", cancellation);
        await Post("views.open", request, SlackJson.Wire.OpenViewRequest, SlackJson.Wire.SlackResponse, idempotent: false, cancellation);
    }

    public Task<UserResponse> User(string user, CancellationToken cancellation) =>
        Get("users.info", [new("user", user)], SlackJson.Wire.UserResponse, cancellation);

    public Task<ChannelResponse> Channel(string channel, CancellationToken cancellation) =>
        Get("conversations.info", [new("channel", channel)], SlackJson.Wire.ChannelResponse, cancellation);

    public Task<ChannelsResponse> Channels(string? cursor, CancellationToken cancellation) =>
        Get("conversations.list", Paged([new("types", "public_channel,private_channel"), new("exclude_archived", "true")], cursor), SlackJson.Wire.ChannelsResponse, cancellation);

    /// <summary>A thread, first message first.</summary>
    /// <param name="oldest">Leaves out answers up to this ts; the first message comes in any case.</param>
    public Task<MessagesResponse> Replies(string channel, string thread, string? cursor, CancellationToken cancellation, string? oldest = null) =>
        Get("conversations.replies", Paged([new("channel", channel), new("ts", thread), new("include_all_metadata", "true")], cursor, oldest), SlackJson.Wire.MessagesResponse, cancellation);

    /// <summary>A channel, newest message first.</summary>
    /// <param name="oldest">Leaves out messages up to this ts.</param>
    public Task<MessagesResponse> History(string channel, string? cursor, CancellationToken cancellation, string? oldest = null) =>
        Get("conversations.history", Paged([new("channel", channel), new("include_all_metadata", "true")], cursor, oldest), SlackJson.Wire.MessagesResponse, cancellation);

    private static List<KeyValuePair<string, string>> Paged(List<KeyValuePair<string, string>> query, string? cursor, string? oldest = null)
    {
        if (oldest is not null) query.Add(new("oldest", oldest));
        query.Add(new("limit", PageSize.ToString()));
        if (cursor is not null) query.Add(new("cursor", cursor));
        return query;
    }

    private async Task<T> Get<T>(string method, IEnumerable<KeyValuePair<string, string>> query, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : SlackResponse
    {
        await limits.Enter(method, cancellation);
        var text = string.Join('&', query.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{method}?{text}", UriKind.Relative));
        return await Send(method, request, type, idempotent: true, harmless: null, cancellation);
    }

    private async Task<T> Post<TBody, T>(
        string method, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, bool idempotent, CancellationToken cancellation, string? harmless = null)
        where T : SlackResponse
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(method, UriKind.Relative))
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
            },
        };
        return await Send(method, request, type, idempotent, harmless, cancellation);
    }

    private async Task<T> Send<T>(string method, HttpRequestMessage request, JsonTypeInfo<T> type, bool idempotent, string? harmless, CancellationToken cancellation)
        where T : SlackResponse
    {
        limits.Demand(method);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode) throw await Refusal(method, SlackErrors.Of(method, response.StatusCode, RetryAfter(response), idempotent));
            var answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation), type);
            if (answer is { Ok: true })
            {
                limits.Passed(method);
                return answer;
            }

            if (answer?.Error is { } error && error == harmless) return answer;
            throw await Refusal(method, SlackErrors.Of(method, answer?.Error ?? "an empty answer", idempotent, answer?.ResponseMetadata?.Messages));
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw SlackErrors.Unanswered(method, idempotent, failure);
        }
    }

    private async Task<SurfaceException> Refusal(string method, SurfaceException failure) => failure.IsLimit ? await limits.Refused(method, failure) : failure;

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
