using static Bots.Sandbox.Linux.Seccomp.BpfInstruction;

namespace Bots.Sandbox.Linux.Seccomp;

/// <summary>
/// The program that decides each system call in a sandbox (seccomp(2)): all are allowed but <see cref="Syscalls"/>. A call that is let
/// through is decided by its number alone, which the kernel finds out once, so that it costs nothing afterwards.
/// </summary>
internal static class SeccompFilter
{
    public const uint Allow = 0x7FFF0000;
    public const uint KillProcess = 0x80000000;
    const uint Errno = 0x00050000;

    public const uint NotPermitted = Errno | 1;
    public const uint NoSuchCall = Errno | 38;
    public const uint NoSuchFamily = Errno | 97;

    const uint Number = 0;
    const uint Architecture = 4;
    const uint FirstArgument = 16;
    const uint ArgumentSize = 8;

    // CLONE_NEW… of linux/sched.h: mount, cgroup, uts, ipc, user, pid, net; for unshare time as well, which in clone is part of the signal.
    const uint NewNamespaces = 0x7E020000;
    const uint NewTimeNamespace = 0x00000080;

    // Puts characters into the terminal as if they were typed; the second can on a console.
    static readonly uint[] RefusedIoctls = [0x5412, 0x541C];

    // As Linux, as the 32-bit machine, each also with the 2.6 version number; the last one only asks.
    static readonly uint[] Personalities = [0, 0x0008, 0x20000, 0x20008, 0xFFFFFFFF];

    // Unix, IPv4, IPv6. Beside them netlink, for routes only.
    static readonly uint[] Families = [1, 2, 10];
    const uint Netlink = 16;
    const uint NetlinkRoute = 0;

    /// <returns>At most 4,096 instructions, as the kernel wants it.</returns>
    public static IReadOnlyList<BpfInstruction> For(SeccompArchitecture machine)
    {
        List<BpfInstruction> program =
        [
            new(Load, 0, 0, Architecture), new(IfEqual, 1, 0, machine.Audit), Result(KillProcess),
            new(Load, 0, 0, Number),
        ];
        if (machine.FirstForeign is { } foreign) program.AddRange([new(IfAtLeast, 0, 1, foreign), Result(NoSuchCall)]);

        foreach (var call in Syscalls.Refused) program.AddRange(When(machine, call, [Result(NotPermitted)]));
        // Its flags are in memory, where a filter does not see them: libraries fall back to clone.
        program.AddRange(When(machine, Syscalls.Clone3, [Result(NoSuchCall)]));
        program.AddRange(When(machine, Syscalls.Clone, RefuseIfAnySet(NewNamespaces)));
        program.AddRange(When(machine, Syscalls.Unshare, RefuseIfAnySet(NewNamespaces | NewTimeNamespace)));
        program.AddRange(When(machine, Syscalls.Ioctl, [Argument(1), .. OneOf(RefusedIoctls, NotPermitted), Result(Allow)]));
        program.AddRange(When(machine, Syscalls.Personality, [Argument(0), .. OneOf(Personalities, Allow), Result(NotPermitted)]));
        program.AddRange(When(machine, Syscalls.Socket,
            [Argument(0), .. OneOf(Families, Allow), new(IfEqual, 1, 0, Netlink), Result(NoSuchFamily), Argument(2), .. OneOf([NetlinkRoute], Allow), Result(NoSuchFamily)]));
        program.Add(Result(Allow));
        return program;
    }

    static BpfInstruction[] When(SeccompArchitecture machine, Syscall call, BpfInstruction[] then) =>
        machine.NumberOf(call) is { } number ? [new(IfEqual, 0, (byte)then.Length, (uint)number), .. then] : [];

    static BpfInstruction[] RefuseIfAnySet(uint flags) => [Argument(0), new(IfAnySet, 0, 1, flags), Result(NotPermitted), Result(Allow)];

    static IEnumerable<BpfInstruction> OneOf(IEnumerable<uint> values, uint result) =>
        values.SelectMany(value => (BpfInstruction[])[new(IfEqual, 0, 1, value), Result(result)]);

    /// <summary>Its lower half: of the arguments looked at the kernel itself takes no more.</summary>
    static BpfInstruction Argument(uint index) => new(Load, 0, 0, FirstArgument + (index * ArgumentSize));

    static BpfInstruction Result(uint value) => new(Return, 0, 0, value);
}
