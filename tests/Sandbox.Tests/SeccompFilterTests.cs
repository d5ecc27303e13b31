using Bots.Sandbox.Linux.Seccomp;

namespace Bots.Sandbox.Tests;

/// <summary>The filter, run by an interpreter of our own for both machines; what the kernel makes of it is for the contract to try.</summary>
public sealed class SeccompFilterTests
{
    const uint NewUser = 0x10000000;
    const uint Threads = 0x003D0F00;

    public static TheoryData<string> Machines => ["x64", "arm64"];

    [Theory, MemberData(nameof(Machines))]
    public void What_is_refused_is_refused(string name)
    {
        var machine = Machine(name);

        foreach (var call in Syscalls.Refused)
        {
            if (machine.NumberOf(call) is { } number) Run(machine, (uint)number).ShouldBe(SeccompFilter.NotPermitted, call.Name);
        }
    }

    [Theory, MemberData(nameof(Machines))]
    public void All_else_is_allowed(string name)
    {
        var machine = Machine(name);
        Syscall[] looked = [.. Syscalls.Refused, Syscalls.Clone, Syscalls.Clone3, Syscalls.Unshare, Syscalls.Ioctl, Syscalls.Personality, Syscalls.Socket];
        var numbers = looked.Select(machine.NumberOf).ToHashSet();

        foreach (var number in Enumerable.Range(0, 500).Where(n => !numbers.Contains(n))) Run(machine, (uint)number).ShouldBe(SeccompFilter.Allow, $"{number}");
    }

    [Theory, MemberData(nameof(Machines))]
    public void Threads_and_processes_can_be_made_but_no_namespaces(string name)
    {
        var machine = Machine(name);

        Run(machine, Syscalls.Clone, Threads).ShouldBe(SeccompFilter.Allow);
        Run(machine, Syscalls.Clone, 17).ShouldBe(SeccompFilter.Allow);
        Run(machine, Syscalls.Clone, NewUser | 17).ShouldBe(SeccompFilter.NotPermitted);
        Run(machine, Syscalls.Clone, 0x20000).ShouldBe(SeccompFilter.NotPermitted);
        Run(machine, Syscalls.Clone3, 0).ShouldBe(SeccompFilter.NoSuchCall);
        Run(machine, Syscalls.Unshare, 0x400).ShouldBe(SeccompFilter.Allow);
        Run(machine, Syscalls.Unshare, 0x80).ShouldBe(SeccompFilter.NotPermitted);
        Run(machine, Syscalls.Unshare, 0x40000000).ShouldBe(SeccompFilter.NotPermitted);
    }

    [Theory, MemberData(nameof(Machines))]
    public void Nothing_can_be_typed_into_a_terminal_for_somebody_else(string name)
    {
        var machine = Machine(name);

        Run(machine, Syscalls.Ioctl, 3, 0x5412).ShouldBe(SeccompFilter.NotPermitted);
        Run(machine, Syscalls.Ioctl, 3, 0x541C).ShouldBe(SeccompFilter.NotPermitted);
        Run(machine, Syscalls.Ioctl, 3, 0x5413).ShouldBe(SeccompFilter.Allow);
    }

    [Theory, MemberData(nameof(Machines))]
    public void Sockets_are_of_the_usual_families(string name)
    {
        var machine = Machine(name);

        foreach (var family in (uint[])[1, 2, 10]) Run(machine, Syscalls.Socket, family, 1, 0).ShouldBe(SeccompFilter.Allow);
        foreach (var family in (uint[])[0, 3, 17, 29, 38, 40, 44, 4096]) Run(machine, Syscalls.Socket, family, 3, 0).ShouldBe(SeccompFilter.NoSuchFamily);
        Run(machine, Syscalls.Socket, 16, 3, 0).ShouldBe(SeccompFilter.Allow);
        Run(machine, Syscalls.Socket, 16, 3, 12).ShouldBe(SeccompFilter.NoSuchFamily);
    }

    [Theory, MemberData(nameof(Machines))]
    public void Only_usual_personalities_can_be_put_on(string name)
    {
        var machine = Machine(name);

        Run(machine, Syscalls.Personality, 0xFFFFFFFF).ShouldBe(SeccompFilter.Allow);
        Run(machine, Syscalls.Personality, 8).ShouldBe(SeccompFilter.Allow);
        Run(machine, Syscalls.Personality, 0x40000).ShouldBe(SeccompFilter.NotPermitted);
    }

    [Fact]
    public void Another_machines_calls_end_the_process_and_x32_has_none()
    {
        const uint i386 = 0x40000003;
        const uint x32 = 0x40000000;

        Interpret(SeccompFilter.For(SeccompArchitecture.X64), 20, i386, []).ShouldBe(SeccompFilter.KillProcess);
        Interpret(SeccompFilter.For(SeccompArchitecture.Arm64), 20, SeccompArchitecture.X64.Audit, []).ShouldBe(SeccompFilter.KillProcess);
        Run(SeccompArchitecture.X64, x32 | 1).ShouldBe(SeccompFilter.NoSuchCall);
        Run(SeccompArchitecture.X64, x32 | 165).ShouldBe(SeccompFilter.NoSuchCall);
    }

    [Theory, MemberData(nameof(Machines))]
    public void What_is_allowed_whatever_its_arguments_are_is_decided_without_them(string name)
    {
        // Only then does the kernel remember it, and the filter costs nothing.
        const uint read = 63;
        var machine = Machine(name);

        Interpret(SeccompFilter.For(machine), machine == SeccompArchitecture.X64 ? 0 : read, machine.Audit, null).ShouldBe(SeccompFilter.Allow);
    }

    [Fact]
    public void The_program_is_laid_out_as_the_kernel_reads_it() =>
        Convert.ToHexString(BpfInstruction.Bytes([new(BpfInstruction.Load, 0, 0, 4), new(BpfInstruction.IfEqual, 1, 2, 0xC000003E)])).ShouldBe("2000000004000000150001023E0000C0");

    static SeccompArchitecture Machine(string name) => name == "x64" ? SeccompArchitecture.X64 : SeccompArchitecture.Arm64;

    static uint Run(SeccompArchitecture machine, Syscall call, params uint[] arguments) => Run(machine, (uint)machine.NumberOf(call)!.Value, arguments);

    static uint Run(SeccompArchitecture machine, uint number, params uint[] arguments) => Interpret(SeccompFilter.For(machine), number, machine.Audit, arguments);

    /// <param name="arguments">Null when they must not be looked at.</param>
    static uint Interpret(IReadOnlyList<BpfInstruction> program, uint number, uint architecture, uint[]? arguments)
    {
        program.Count.ShouldBeLessThan(4096);
        var loaded = 0u;
        for (var at = 0; ; at++)
        {
            var (code, yes, no, operand) = program[at];
            switch (code)
            {
                case BpfInstruction.Load:
                    if (operand >= 16) arguments.ShouldNotBeNull();
                    loaded = operand switch { 0 => number, 4 => architecture, _ => arguments!.ElementAtOrDefault((int)(operand - 16) / 8) };
                    break;
                case BpfInstruction.IfEqual:
                    at += loaded == operand ? yes : no;
                    break;
                case BpfInstruction.IfAtLeast:
                    at += loaded >= operand ? yes : no;
                    break;
                case BpfInstruction.IfAnySet:
                    at += (loaded & operand) != 0 ? yes : no;
                    break;
                case BpfInstruction.Return:
                    return operand;
                default:
                    throw new InvalidOperationException($"{code:x} is no instruction of ours.");
            }
        }
    }
}
