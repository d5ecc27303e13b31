using Bots.Bench.Report;

namespace Bots.Bench.Ack;

/// <summary>What a durable write costs on this disk, whoever asks for it: the floor under every acknowledgement.</summary>
public static class Disk
{
    private const int Writes = 200;
    private const int Page = 4096;

    public static Line Line(string directory)
    {
        var file = Path.Combine(directory, "probe");
        var page = new byte[Page];
        var times = new List<double>(Writes);
        using (var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            for (var i = 0; i < Writes; i++)
            {
                var start = TimeProvider.System.GetTimestamp();
                stream.Write(page);
                stream.Flush(flushToDisk: true);
                times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        File.Delete(file);
        return new("the disk: append 4 KiB and fsync", new Sample(times).Spread);
    }
}
