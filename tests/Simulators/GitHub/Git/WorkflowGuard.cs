namespace Bots.Simulators.GitHub.Git;

/// <summary>Refuses pushes that change workflows without the <c>workflows</c> permission, by a pre-receive hook.</summary>
internal static class WorkflowGuard
{
    /// <summary>Set to 1 in the environment of a push that may change workflows.</summary>
    public const string Allowed = "SIMULATED_WORKFLOWS";

    private const string Hook =
        """
        #!/bin/sh
        [ "$SIMULATED_WORKFLOWS" = 1 ] && exit 0
        while read -r _ new ref; do
          case "$new" in *[!0]*) ;; *) continue ;; esac
          for commit in $(git rev-list "$new" --not --all); do
            file=$(git diff-tree --root --no-commit-id --name-only -r "$commit" -- .github/workflows | head -n 1)
            if [ -n "$file" ]; then
              echo "refusing to allow a GitHub App to create or update workflow \`$file\` without \`workflows\` permission" >&2
              exit 1
            fi
          done
        done

        """;

    public static async Task Install(string path)
    {
        var hooks = Directory.CreateDirectory(Path.Combine(path, "hooks"));
        var file = Path.Combine(hooks.FullName, "pre-receive");
        await File.WriteAllTextAsync(file, Hook);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
