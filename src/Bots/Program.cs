using Bots;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddBots();
var app = builder.Build();
app.UseBots();
await app.RunAsync();
