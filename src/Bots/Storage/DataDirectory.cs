using Bots.Configuration;
using Bots.Engine.Sandboxes;
using Bots.Sandbox.Sidecars;

namespace Bots.Storage;

/// <summary>The folder with everything that lasts. One service at a time may use it.</summary>
public static class DataDirectory
{
    /// <summary>Adds the folder and lets the server listen on its control socket too.</summary>
    public static void AddDataDirectory(this WebApplicationBuilder builder)
    {
        var paths = Paths(builder.Configuration);
        builder.Services.AddSingleton(paths);
        builder.Services.AddSingleton<DataDirectoryLock>();
        builder.Services.AddSingleton<IConfigurationCheck>(services => services.GetRequiredService<DataDirectoryLock>());
        builder.Services.AddSingleton<IConfigurationCheck, DatabaseCheck>();
        builder.Services.AddSingleton(_ => new Instance(Identity(paths)));
        builder.Services.OpenControlSocket();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, $"{Set(builder.Configuration, "Urls") ?? "http://127.0.0.1:8080"};http://unix:{paths.ControlSocket}");
    }

    internal static SandboxPaths Paths(IConfiguration configuration) => new(Path.GetFullPath(Set(configuration, "Bots:DataDirectory") ?? "data"));

    /// <summary>An empty value, as a variable without one leaves it, is none; the check of the options tells of it where it matters.</summary>
    private static string? Set(IConfiguration configuration, string key) =>
        configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static string Identity(SandboxPaths paths)
    {
        var file = Path.Combine(paths.DataDirectory, "instance");
        if (!File.Exists(file)) File.WriteAllText(file, Guid.CreateVersion7().ToString("N"));
        return File.ReadAllText(file).Trim();
    }
}

/// <summary>Takes the data directory for this process at start, and says so when it cannot be had.</summary>
internal sealed class DataDirectoryLock(SandboxPaths paths) : IConfigurationCheck, IDisposable
{
    private FileStream? _taken;

    public IEnumerable<ConfigurationProblem> Check()
    {
        if (Take() is { } problem) yield return problem;
    }

    public void Dispose() => _taken?.Dispose();

    private ConfigurationProblem? Take()
    {
        try
        {
            Directory.CreateDirectory(paths.ControlDirectory);
            // People's words and their code are nobody else's business on this machine.
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(paths.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                // It is within that: only sandboxes, whose users may be others than ours, see it from elsewhere.
                File.SetUnixFileMode(paths.ControlDirectory, (UnixFileMode)0b111_101_101);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("Bots:DataDirectory", $"{paths.DataDirectory} cannot be made or written: {e.Message}", "Make it writable for this user, or choose another folder.");
        }

        try
        {
            _taken ??= new FileStream(Path.Combine(paths.DataDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // What a killed service left; the lock says that nobody listens on it.
            File.Delete(paths.ControlSocket);
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            return new("Bots:DataDirectory", $"files in {paths.DataDirectory} belong to somebody else: {e.Message}", "Give them to this user, or choose another folder.");
        }
        catch (IOException)
        {
            return new("Bots:DataDirectory", $"another service uses {paths.DataDirectory}", "Stop it, or choose another folder.");
        }
    }
}
