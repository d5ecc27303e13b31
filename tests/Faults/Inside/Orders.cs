using System.Net.Sockets;
using System.Text;

namespace Bots.Faults.Inside;

/// <summary>What the run tells the service's process to do to itself, one line a connection.</summary>
internal sealed class Orders(Failpoints points, ShiftedClock clock, SidecarCutter cutter)
{
    /// <summary>The environment variable with the socket's path.</summary>
    public const string SocketVariable = "FAULTS_SOCKET";

    /// <summary>The one with what is to be done from the first moment on, separated by semicolons.</summary>
    public const string FirstVariable = "FAULTS_FIRST";

    private const int LongestOrder = 1024;

    /// <summary>SIGKILL when the process has passed a point so many times.</summary>
    public static string Kill(string point, int passes) => $"kill {passes} {point}";

    /// <summary>No point is its last any more.</summary>
    public static readonly string Spare = Kill("none", 1);

    /// <summary>The clock shows so much more, or less, than the machine's.</summary>
    public static string Clock(TimeSpan shift) => $"clock {(long)shift.TotalSeconds}";

    /// <summary>The connections of all sidecars break.</summary>
    public const string Cut = "cut";

    public void Obey(string order)
    {
        switch (order.Split(' ', 3))
        {
            case ["kill", var passes, var point]:
                points.Arm(point, int.Parse(passes));
                break;
            case ["clock", var seconds]:
                clock.Shift = TimeSpan.FromSeconds(long.Parse(seconds));
                break;
            case [Cut]:
                cutter.CutAll();
                break;
            default:
                throw new ArgumentException($"'{order}' is no order.", nameof(order));
        }
    }

    public void Listen(string path)
    {
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Answer(listener)) { IsBackground = true, Name = "faults" }.Start();
    }

    private void Answer(Socket listener)
    {
        var order = new byte[LongestOrder];
        while (true)
        {
            using var giving = listener.Accept();
            Obey(Encoding.UTF8.GetString(order, 0, giving.Receive(order)));
            giving.Send([1]);
        }
    }
}
