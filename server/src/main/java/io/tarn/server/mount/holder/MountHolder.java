package io.tarn.server.mount.holder;

import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.OwnProcess;
import io.tarn.server.mount.control.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Main class of the holder. Arguments: the state folder, then how to start a worker. Says {@value #READY} on its standard output when it listens,
 * and nothing else.
 */
public final class MountHolder {
    /** The line that a starting command waits for. */
    public static final String READY = "ready";

    private MountHolder() {}

    public static void main(final String[] arguments) throws IOException, InterruptedException {
        final StateFolder folder = new StateFolder(Path.of(arguments[0]));
        final List<String> worker = List.copyOf(Arrays.asList(arguments).subList(1, arguments.length));
        final BoundedLog log = new BoundedLog(folder.log(), BoundedLog.FILE_BYTES_MAX);
        try {
            OwnProcess.leaveTerminal();
        } catch (final LinuxException alreadyAlone) {
            log.say("keeps its session: " + alreadyAlone.getMessage());
        }
        final KeptMounts mounts = new KeptMounts(log);
        final Workers workers = new Workers(folder, mounts, log, worker);
        final ControlServer server = new ControlServer(folder, mounts, workers, log);
        server.start();
        log.say("process " + ProcessHandle.current().pid() + " keeps mounts");
        System.out.println(READY);
        System.out.close();
        Thread.ofPlatform().daemon().name("workers").start(() -> supervise(workers, log));
        server.awaitEnd();
        workers.end();
        log.close();
        System.exit(0);
    }

    private static void supervise(final Workers workers, final BoundedLog log) {
        try {
            workers.run();
        } catch (final InterruptedException stopped) {
            log.say("workers are not looked after any more: " + stopped);
        }
    }
}
