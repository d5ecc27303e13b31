using System.Buffers;
using System.Text;

namespace Bots.Gateway;

/// <summary>Refuses a push the way a forge does, so that git shows the reason (git's gitprotocol-pack, "Report Status").</summary>
internal static class PushReport
{
    private const string Cause = "Bots refused this push: ";

    /// <returns>The body of an <c>application/x-git-receive-pack-result</c>; null when the client asked for no report that could carry a reason.</returns>
    public static byte[]? Write(PushRequest push, IReadOnlyList<PushRefusal> refusals)
    {
        var maxLine = push.Capabilities.Contains("side-band-64k") ? PktLine.MaxLength : push.Capabilities.Contains("side-band") ? 1000 : 0;
        var reports = push.Capabilities.Contains("report-status") || push.Capabilities.Contains("report-status-v2");
        if (maxLine == 0 && !reports) return null;

        var report = new ArrayBufferWriter<byte>();
        if (reports)
        {
            // Real forges answer a declined push with "unpack ok" too; anything else makes git speak of broken objects.
            Line(report, "unpack ok");
            foreach (var refusal in refusals) Line(report, $"ng {refusal.Ref} {refusal.Reason}");
            PktLine.WriteFlush(report);
        }

        if (maxLine == 0) return report.WrittenSpan.ToArray();
        var output = new ArrayBufferWriter<byte>();
        var text = string.Concat(refusals.Select(refusal => refusal.Reason).Distinct(StringComparer.Ordinal).Select(reason => $"{Cause}{reason}\n"));
        PktLine.WriteBand(output, 2, Encoding.UTF8.GetBytes(text), maxLine);
        PktLine.WriteBand(output, 1, report.WrittenSpan, maxLine);
        PktLine.WriteFlush(output);
        return output.WrittenSpan.ToArray();
    }

    private static void Line(ArrayBufferWriter<byte> report, string text) => PktLine.Write(report, Encoding.UTF8.GetBytes(text + "\n"));
}
