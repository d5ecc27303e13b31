namespace Bots.Sandbox.Snapshots;

/// <summary>Unpacked, the files of a folder would take more room than they may.</summary>
public sealed class FolderTooLargeException(string folder, long most) : IOException($"The files of {folder} have more than {most} bytes, holes and further names included.");
