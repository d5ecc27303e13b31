using System.Runtime.InteropServices;
using Bots.Sandbox.Linux.Seccomp;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>System calls as pieces of perl, which say whether the kernel went along.</summary>
internal static class Kernel
{
    /// <summary>Those that are refused by no filter's list of its own, but have to fail all the same or are used on the way.</summary>
    static readonly IReadOnlyList<Syscall> Others =
    [
        Syscalls.Clone, Syscalls.Clone3, Syscalls.Unshare, Syscalls.Ioctl, Syscalls.Personality, Syscalls.Socket,
        new("capset", 126, 91), new("prctl", 157, 167), new("setuid", 105, 146), new("setgid", 106, 144), new("setgroups", 116, 159), new("setresuid", 117, 147), new("setfsuid", 122, 151),
        new("mknodat", 259, 33), new("setxattr", 188, 5), new("pidfd_open", 434), new("getpid", 39, 172), new("setpriority", 141, 140), new("sched_setscheduler", 144, 119), new("prlimit64", 302, 261),
        new("kill", 62, 129), new("shmget", 29, 194), new("mlockall", 151, 230), new("seccomp", 317, 277),
    ];

    /// <summary>Prints <c>refused</c> with the reason, or that it got through.</summary>
    /// <param name="arguments">Perl; every one a string or a number.</param>
    public static string Call(string name, string arguments) =>
        $"{{ my @a = ({arguments}); print syscall({Number(name)}, @a) == -1 ? \"refused {name}: $!\\n\" : \"{EscapeScene.Success} {name}\\n\"; }}";

    public static int Number(string name)
    {
        var call = Syscalls.Refused.Concat(Others).Single(s => s.Name == name);
        return (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? call.X64 : call.Arm64) ?? throw new ArgumentException($"This machine has no {name}.", nameof(name));
    }
}
