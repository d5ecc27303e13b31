namespace Bots.Sandbox.Shell;

/// <summary>What runs in the jail. No command is ever part of a script: each is a file of its own, named by its number.</summary>
internal static class JailScripts
{
    /// <summary>
    /// Runs one shell after the other: it never runs a command itself, and so outlives what commands do to their shell. What it and they have
    /// to tell goes to our pipe, what commands print does not, so nothing that is printed can be taken for a report. Once nobody holds
    /// <c>life</c> for writing, which is when our process is gone, everything in the jail ends; it is opened before the first shell is ready, since nobody could
    /// open it once it is let go. Only <c>env</c> gives back signals that were
    /// ignored when a shell began: .NET's children ignore SIGPIPE.
    /// </summary>
    public const string Supervisor = """
        exec 3<&0 </dev/null 4>&1 >/dev/null 5</run/shell/life
        { read -r _ <&5; kill -s KILL -- -1; } 3<&- 4>&- 2>/dev/null &
        exec 5<&-
        while :; do
          /usr/bin/env --default-signal /bin/sh /run/shell/loop 2>/dev/null
          echo "ended $?" >&4
          read -r _ <&3 || exit
        done
        """;

    /// <summary>
    /// One shell: waits for a command's number, remembers its state for a successor, and runs the command in itself. With <c>command</c>,
    /// an error in the command's syntax does not end the shell.
    /// </summary>
    public const string Loop = """
        [ -r /run/state/exports ] && . /run/state/exports
        if IFS= read -r PWD_BEFORE </run/state/directory; then cd "$PWD_BEFORE"; fi
        unset PWD_BEFORE
        echo "ready $$" >&4
        while read -r JAIL_COMMAND <&3; do
          export -p >/run/state/exports
          pwd >/run/state/directory
          echo "begun $JAIL_COMMAND" >&4
          command . "/run/shell/$JAIL_COMMAND.sh" <"/run/shell/$JAIL_COMMAND.in" >"/run/shell/$JAIL_COMMAND.out" 2>"/run/shell/$JAIL_COMMAND.err" 3<&- 4>&-
          echo "done $JAIL_COMMAND $?" >&4
        done
        """;
}
