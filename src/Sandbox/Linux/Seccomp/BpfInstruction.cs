using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bots.Sandbox.Linux.Seccomp;

/// <summary>One instruction of classic BPF: <c>struct sock_filter</c> of linux/filter.h.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BpfInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand)
{
    /// <summary>Loads a 32-bit word of <c>struct seccomp_data</c> at this offset.</summary>
    public const ushort Load = 0x20;

    public const ushort IfEqual = 0x15;

    public const ushort IfAtLeast = 0x35;

    public const ushort IfAnySet = 0x45;

    public const ushort Return = 0x06;

    const int Size = 8;

    /// <summary>As the kernel reads them, on the little-endian machines we support.</summary>
    public static byte[] Bytes(IReadOnlyList<BpfInstruction> program)
    {
        var bytes = new byte[program.Count * Size];
        for (var i = 0; i < program.Count; i++)
        {
            var at = bytes.AsSpan(i * Size);
            BinaryPrimitives.WriteUInt16LittleEndian(at, program[i].Code);
            at[2] = program[i].IfTrue;
            at[3] = program[i].IfFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], program[i].Operand);
        }

        return bytes;
    }
}
