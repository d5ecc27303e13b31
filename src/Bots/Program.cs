using Bots;
using Bots.Configuration;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddBots();
await using var app = builder.Build();
if (!ConfigurationReport.IsSound(app.Services, Console.Error)) return ConfigurationReport.ExitCode;
app.UseBots();
await app.RunAsync();
return 0;
