using Bots.Engine.Sandboxes;

namespace Bots.Storage;

/// <summary>The folder with everything that lasts. One service at a time may use it.</summary>
public static class DataDirectory
{
    /// <summary>Makes the folder, takes it for this process and adds the control socket to what the server listens on.</summary>
    /// <exception cref="InvalidOperationException">Another service uses it.</exception>
    public static void AddDataDirectory(this WebApplicationBuilder builder)
    {
        var paths = new SandboxPaths(Path.GetFullPath(builder.Configuration["Bots:DataDirectory"] ?? "data"));
        Directory.CreateDirectory(paths.ControlDirectory);
        var taken = Take(paths);
        File.Delete(paths.ControlSocket);

        builder.Services.AddSingleton(paths).AddSingleton(new Instance(Identity(paths)));
        builder.Services.AddSingleton(_ => taken);
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, $"{builder.Configuration["Urls"] ?? "http://127.0.0.1:8080"};http://unix:{paths.ControlSocket}");
    }

    private static FileStream Take(SandboxPaths paths)
    {
        try
        {
            return new FileStream(Path.Combine(paths.DataDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Another service already uses {paths.DataDirectory}. Stop it, or set Bots:DataDirectory to another folder.", e);
        }
    }

    private static string Identity(SandboxPaths paths)
    {
        var file = Path.Combine(paths.DataDirectory, "instance");
        if (!File.Exists(file)) File.WriteAllText(file, Guid.CreateVersion7().ToString("N"));
        return File.ReadAllText(file).Trim();
    }
}
