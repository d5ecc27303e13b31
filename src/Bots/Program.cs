using Bots;
using Bots.Configuration;
using Bots.Storage;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (BackupCommand.IsGiven(args)) return BackupCommand.Run(args, builder.Configuration, Console.Out, Console.Error);
builder.AddBots();
await using var app = builder.Build();
if (!ConfigurationReport.IsSound(app.Services, Console.Error)) return ConfigurationReport.ExitCode;
app.UseBots();
await app.RunAsync();
return 0;
