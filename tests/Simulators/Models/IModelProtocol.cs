using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models;

/// <summary>One provider's way to ask, to answer and to refuse.</summary>
internal interface IModelProtocol
{
    /// <exception cref="ModelRefusal">The original would refuse it.</exception>
    ModelRequest Parse(JsonElement body, IHeaderDictionary headers);

    IReplyWriter Reply(HttpResponse response, ModelRequest request);

    string Error(ModelRefusal refusal);
}

/// <summary>Writes one answer, streamed or whole.</summary>
internal interface IReplyWriter
{
    Task Start(ModelUsage estimate);

    Task Text(string piece);

    Task Call(string id, string name, string arguments);

    Task Finish(ModelUsage usage);
}
