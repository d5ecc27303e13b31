using Bots.Sandbox.Linux;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>The files of the sandbox's <c>/etc</c> that are ours; of the host's users and names it sees nothing.</summary>
internal static class EtcFiles
{
    static readonly Dictionary<string, string> Files = new()
    {
        ["passwd"] = "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nagent:x:1000:1000:agent:/home/agent:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        ["group"] = "root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n",
        ["hosts"] = "127.0.0.1 localhost sandbox\n",
        ["nsswitch.conf"] = "passwd: files\ngroup: files\nhosts: files\n",
    };

    public static IEnumerable<string> Names => Files.Keys;

    /// <summary>Writes them where they are missing or differ; a sandbox that runs already keeps what it has.</summary>
    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Files)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || File.ReadAllText(path) != content) AtomicFile.Write(path, content);
        }
    }
}
