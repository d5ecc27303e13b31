using System.Buffers.Binary;
using System.Text;

namespace Bots.Tests.Telemetry;

/// <param name="Value">Of a number.</param>
/// <param name="Bytes">Of a text or a message; empty for a number.</param>
internal sealed record ProtobufField(int Number, ulong Value, byte[] Bytes);

/// <summary>Takes a protobuf message apart, without knowing what it is.</summary>
internal static class Protobuf
{
    public static IEnumerable<ProtobufField> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    yield return new((int)(tag >> 3), Number(message, ref at), []);
                    break;
                case 1:
                    yield return new((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Number(message, ref at);
                    yield return new((int)(tag >> 3), 0, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return new((int)(tag >> 3), BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []);
                    at += 4;
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7}");
            }
        }
    }

    public static string Hex(IReadOnlyList<ProtobufField> fields, int number) => Convert.ToHexStringLower(fields.FirstOrDefault(f => f.Number == number)?.Bytes ?? []);

    public static string Text(IReadOnlyList<ProtobufField> fields, int number) => Encoding.UTF8.GetString(fields.FirstOrDefault(f => f.Number == number)?.Bytes ?? []);

    /// <summary>OTLP's attributes: each a key (1) and a value (2), which is a message of one field.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Tags(IReadOnlyList<ProtobufField> fields, int number) =>
        fields.Where(f => f.Number == number).Select(f => Fields(f.Bytes).ToList()).Select(tag => KeyValuePair.Create(Text(tag, 1), Value(tag)));

    private static string Value(IReadOnlyList<ProtobufField> tag) =>
        tag.Where(f => f.Number == 2).SelectMany(f => Fields(f.Bytes)).Select(v => v.Bytes.Length > 0 ? Encoding.UTF8.GetString(v.Bytes) : $"{v.Value}").FirstOrDefault() ?? "";

    private static ulong Number(byte[] message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
            shift += 7;
        }
    }
}
