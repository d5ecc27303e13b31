using Bots.Engine.Storage;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Storage;

public sealed class StoreReserveTests : IDisposable
{
    private readonly DirectoryInfo _directory = TestDirectory.Create();

    private string File => Path.Combine(_directory.FullName, "bots.db.reserve");

    public void Dispose()
    {
        if (_directory.Exists) _directory.Delete(recursive: true);
    }

    [Fact]
    public void Space_is_set_aside_once_given_up_and_set_aside_again()
    {
        var reserve = new StoreReserve(File);

        reserve.Take().ShouldBeTrue();
        reserve.Take().ShouldBeTrue();
        new FileInfo(File).Length.ShouldBe(16 * 1024 * 1024);
        reserve.GiveUp().ShouldBeTrue();
        System.IO.File.Exists(File).ShouldBeFalse();
        reserve.GiveUp().ShouldBeTrue();
        reserve.Take().ShouldBeTrue();
    }

    [Fact]
    public void A_disk_that_does_not_take_it_ends_nothing()
    {
        _directory.Delete();
        var reserve = new StoreReserve(File);

        reserve.Take().ShouldBeFalse();
        reserve.GiveUp().ShouldBeFalse();
    }
}
