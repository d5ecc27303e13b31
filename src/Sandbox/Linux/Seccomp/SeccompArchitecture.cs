using System.Runtime.InteropServices;

namespace Bots.Sandbox.Linux.Seccomp;

/// <summary>What a filter must know of the machine it is for.</summary>
/// <param name="Audit">How the kernel names it in <c>seccomp_data.arch</c> (linux/audit.h).</param>
/// <param name="FirstForeign">System calls from this number on belong to another ABI (x32 on x86-64); null where there is none.</param>
internal sealed record SeccompArchitecture(uint Audit, uint? FirstForeign, Func<Syscall, int?> NumberOf)
{
    public static SeccompArchitecture X64 { get; } = new(0xC000003E, 0x40000000, s => s.X64);

    public static SeccompArchitecture Arm64 { get; } = new(0xC00000B7, null, s => s.Arm64);

    /// <summary>This machine's; null when there is no filter for it.</summary>
    public static SeccompArchitecture? Current => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        _ => null,
    };
}

/// <summary>A system call and its numbers; null where a machine does not have it.</summary>
internal sealed record Syscall(string Name, int? X64, int? Arm64)
{
    /// <summary>One of those that have the same number everywhere (424 and up).</summary>
    public Syscall(string name, int number) : this(name, number, number)
    {
    }
}
