using Bots.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Bots.Tests.Storage;

public sealed class DataDirectoryTests
{
    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_empty_value_is_none(string? value)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Bots:DataDirectory"] = value;
        builder.Configuration["Urls"] = value;

        builder.AddDataDirectory();

        builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey)!.ShouldStartWith("http://127.0.0.1:8080;http://unix:");
    }
}
