using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Bots.Sandbox.Snapshots;

namespace Bots.Sandbox.Tests;

/// <summary>A snapshot brings back what was there, and an archive somebody tampered with can do no harm.</summary>
public sealed class FolderArchiveTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("bots-archive-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Source => Path.Combine(_root, "source");

    string Target => Path.Combine(_root, "target");

    string Archive => Path.Combine(_root, "it.tar.gz");

    string Outside => Path.Combine(_root, "outside.txt");

    public FolderArchiveTests()
    {
        Directory.CreateDirectory(Source);
        File.WriteAllText(Outside, "untouched");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Names_may_hold_whatever_a_file_system_lets_them()
    {
        string[] names = ["two\nlines", "50%", "%0A", "tab\t", "quote\"", "ä", "=", " "];
        Directory.CreateDirectory(Path.Combine(Source, "a\nfolder"));
        foreach (var name in names) await File.WriteAllTextAsync(Path.Combine(Source, "a\nfolder", name), name, Cancellation);
        File.CreateSymbolicLink(Path.Combine(Source, "link"), "no\nwhere");

        await FolderArchive.Pack(Source, Archive, long.MaxValue, Cancellation);
        await FolderArchive.Check(Archive, Cancellation);
        await FolderArchive.Unpack(Archive, Target, Cancellation);

        foreach (var name in names) (await File.ReadAllTextAsync(Path.Combine(Target, "a\nfolder", name), Cancellation)).ShouldBe(name);
        new FileInfo(Path.Combine(Target, "link")).LinkTarget.ShouldBe("no\nwhere");
    }

    [Fact]
    public async Task Holes_and_further_names_count_as_the_room_they_will_take()
    {
        Directory.CreateDirectory(Source);
        using (var holes = File.Create(Path.Combine(Source, "holes"))) holes.SetLength(1L << 40);

        await Should.ThrowAsync<FolderTooLargeException>(FolderArchive.Pack(Source, Archive, 1L << 30, Cancellation));

        File.Exists(Archive).ShouldBeFalse();
    }

    [Fact]
    public async Task Files_folders_links_modes_and_times_come_back()
    {
        var when = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);
        Directory.CreateDirectory(Path.Combine(Source, "src/deep"));
        Put("src/deep/ünïcode name.txt", "words", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Put("run.sh", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Put("empty", "", UnixFileMode.UserRead);
        Put("large.bin", new string('x', 3_000_000), UnixFileMode.UserRead);
        File.CreateSymbolicLink(Path.Combine(Source, "link"), "src/deep");
        File.CreateSymbolicLink(Path.Combine(Source, "dangling"), "/nowhere/at/all");
        File.SetLastWriteTimeUtc(Path.Combine(Source, "run.sh"), when);
        Directory.SetLastWriteTimeUtc(Path.Combine(Source, "src"), when);

        await Through();

        File.ReadAllText(Path.Combine(Target, "src/deep/ünïcode name.txt")).ShouldBe("words");
        File.ReadAllText(Path.Combine(Target, "large.bin")).Length.ShouldBe(3_000_000);
        new FileInfo(Path.Combine(Target, "empty")).Length.ShouldBe(0);
        File.GetUnixFileMode(Path.Combine(Target, "run.sh")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        File.GetUnixFileMode(Path.Combine(Target, "empty")).ShouldBe(UnixFileMode.UserRead);
        new FileInfo(Path.Combine(Target, "link")).LinkTarget.ShouldBe("src/deep");
        new FileInfo(Path.Combine(Target, "dangling")).LinkTarget.ShouldBe("/nowhere/at/all");
        File.GetLastWriteTimeUtc(Path.Combine(Target, "run.sh")).ShouldBe(when);
        Directory.GetLastWriteTimeUtc(Path.Combine(Target, "src")).ShouldBe(when);
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_kept_as_a_link_and_what_it_leads_to_is_not_read()
    {
        File.CreateSymbolicLink(Path.Combine(Source, "secret"), Outside);
        File.CreateSymbolicLink(Path.Combine(Source, "host"), "/etc");

        await Through();

        new FileInfo(Path.Combine(Target, "secret")).LinkTarget.ShouldBe(Outside);
        new FileInfo(Path.Combine(Target, "host")).LinkTarget.ShouldBe("/etc");
        Directory.GetFileSystemEntries(Target).Length.ShouldBe(2);
        new FileInfo(Archive).Length.ShouldBeLessThan(2000);
    }

    [Fact]
    public async Task Folders_without_permissions_are_no_obstacle()
    {
        Directory.CreateDirectory(Path.Combine(Source, "closed"));
        Put("closed/inside", "here", UnixFileMode.None);
        File.SetUnixFileMode(Path.Combine(Source, "closed"), UnixFileMode.None);

        await Through();

        File.SetUnixFileMode(Path.Combine(Target, "closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        File.SetUnixFileMode(Path.Combine(Target, "closed/inside"), UnixFileMode.UserRead);
        File.ReadAllText(Path.Combine(Target, "closed/inside")).ShouldBe("here");
    }

    [Fact]
    public async Task Bits_that_let_a_program_run_as_somebody_else_do_not_come_back()
    {
        Put("tool", "x", UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.SetUser | UnixFileMode.SetGroup);

        await Through();

        File.GetUnixFileMode(Path.Combine(Target, "tool")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public static TheoryData<string, TarEntryType, string?> Hostile => new()
    {
        { "../escaped", TarEntryType.RegularFile, null },
        { "/escaped", TarEntryType.RegularFile, null },
        { "a/../../escaped", TarEntryType.RegularFile, null },
        { "./x", TarEntryType.RegularFile, null },
        { "a//b", TarEntryType.RegularFile, null },
        { "nowhere/file", TarEntryType.RegularFile, null },
        { "hard", TarEntryType.HardLink, "../outside.txt" },
        { "hard", TarEntryType.HardLink, "/etc/passwd" },
        { "pipe", TarEntryType.Fifo, null },
        { "disk", TarEntryType.BlockDevice, null },
        { "memory", TarEntryType.CharacterDevice, null },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task An_archive_that_would_write_elsewhere_or_make_what_we_never_put_in_is_refused(string name, TarEntryType type, string? link)
    {
        var entry = new PaxTarEntry(type, name);
        if (link is not null) entry.LinkName = link;
        if (type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice) (entry.DeviceMajor, entry.DeviceMinor) = (1, 1);
        await Forge(entry);

        await Should.ThrowAsync<InvalidDataException>(FolderArchive.Unpack(Archive, Target, Cancellation));

        File.ReadAllText(Outside).ShouldBe("untouched");
        Directory.GetFileSystemEntries(_root).Select(Path.GetFileName).ShouldBe(["source", "outside.txt", "it.tar.gz", "target"], ignoreOrder: true);
        Directory.GetFileSystemEntries(Target).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_is_no_way_out_for_what_comes_after_it()
    {
        await Forge(Link("a", _root), Regular("a/escaped", "x"));

        await Should.ThrowAsync<InvalidDataException>(FolderArchive.Unpack(Archive, Target, Cancellation));

        File.Exists(Path.Combine(_root, "escaped")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_is_not_written_through_a_link_of_the_same_name()
    {
        await Forge(Link("a", Outside), Regular("a", "overwritten"));

        await Should.ThrowAsync<InvalidDataException>(FolderArchive.Unpack(Archive, Target, Cancellation));

        File.ReadAllText(Outside).ShouldBe("untouched");
    }

    [Fact]
    public async Task A_folder_does_not_take_the_place_of_a_link()
    {
        await Forge(Link("a", _root), new PaxTarEntry(TarEntryType.Directory, "a"), Regular("a/escaped", "x"));

        await Should.ThrowAsync<InvalidDataException>(FolderArchive.Unpack(Archive, Target, Cancellation));

        File.Exists(Path.Combine(_root, "escaped")).ShouldBeFalse();
    }

    [Fact]
    public async Task Attributes_that_are_not_an_overlays_are_refused()
    {
        await Forge(new PaxTarEntry(TarEntryType.Directory, "a", new Dictionary<string, string> { ["SCHILY.xattr.security.capability"] = "x" }));

        await Should.ThrowAsync<InvalidDataException>(FolderArchive.Unpack(Archive, Target, Cancellation));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public async Task A_truncated_archive_is_an_error(double part)
    {
        Put("a", string.Concat(Enumerable.Range(0, 5000).Select(i => i.ToString("X"))), UnixFileMode.UserRead);
        await FolderArchive.Pack(Source, Archive, long.MaxValue, Cancellation);
        var bytes = await File.ReadAllBytesAsync(Archive, Cancellation);
        await File.WriteAllBytesAsync(Archive, bytes[..(int)(bytes.Length * part)], Cancellation);

        var failure = await Record.ExceptionAsync(() => FolderArchive.Unpack(Archive, Target, Cancellation));

        (failure is InvalidDataException or EndOfStreamException).ShouldBeTrue(failure?.ToString() ?? "nothing was thrown");
    }

    [Fact]
    public async Task It_does_not_unpack_over_what_is_there()
    {
        await FolderArchive.Pack(Source, Archive, long.MaxValue, Cancellation);
        Directory.CreateDirectory(Target);

        await Should.ThrowAsync<IOException>(FolderArchive.Unpack(Archive, Target, Cancellation));
    }

    async Task Through()
    {
        await FolderArchive.Pack(Source, Archive, long.MaxValue, Cancellation);
        await FolderArchive.Unpack(Archive, Target, Cancellation);
    }

    void Put(string name, string text, UnixFileMode mode)
    {
        File.WriteAllText(Path.Combine(Source, name), text);
        File.SetUnixFileMode(Path.Combine(Source, name), mode);
    }

    async Task Forge(params PaxTarEntry[] entries)
    {
        await using var gzip = new GZipStream(File.Create(Archive), CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        foreach (var entry in entries) await tar.WriteEntryAsync(entry, Cancellation);
    }

    static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    static PaxTarEntry Regular(string name, string text) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };
}
