using System.Buffers;
using System.Text;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

/// <summary>Builds the head of a push, and reads the answer to one.</summary>
internal static class Push
{
    public const string Old = "1111111111111111111111111111111111111111";
    public const string New = "2222222222222222222222222222222222222222";
    public const string Zero = "0000000000000000000000000000000000000000";
    public const string Capabilities = "\0 report-status side-band-64k agent=git/2.39.5";

    public static byte[] Head(params string[] lines)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in lines) PktLine.Write(output, Encoding.UTF8.GetBytes(line));
        PktLine.WriteFlush(output);
        return output.WrittenSpan.ToArray();
    }

    public static string Update(string name, string capabilities = Capabilities) => $"{Old} {New} {name}{capabilities}";
}
