using System.Diagnostics;
using Bots.Simulators.Models;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_is_told_in_the_thread_and_once_there_is_room_again_the_next_prompt_runs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        await using var disk = await SmallDisk.Mount("120m");
        await using var world = await Prepare(Sample.Run("^fill", "head -c 300m /dev/urandom > big", "Filled."), ModelScript.On("say hello", ModelStep.Say("Hello to you.")));
        world.Settings["Bots:DataDirectory"] = Path.Combine(disk.Directory, "data");
        await world.StartService();

        var asked = await world.Mention("fill the disk");
        await world.ApproveUntil("❌");
        Shown(await world.Says("❌")).ShouldContain("full");
        foreach (var big in Directory.GetFiles(disk.Directory, "big", SearchOption.AllDirectories)) File.Delete(big);
        await world.Mention("say hello", asked);

        await world.Says("Hello to you.");
    }

    private sealed class SmallDisk(string directory) : IAsyncDisposable
    {
        public string Directory => directory;

        public static async Task<SmallDisk> Mount(string size)
        {
            var directory = System.IO.Directory.CreateTempSubdirectory("bots-disk-").FullName;
            (await Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", directory)).ShouldBe(0);
            return new SmallDisk(directory);
        }

        public async ValueTask DisposeAsync()
        {
            await Run("umount", "--lazy", directory);
            System.IO.Directory.Delete(directory);
        }

        private static async Task<int> Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
