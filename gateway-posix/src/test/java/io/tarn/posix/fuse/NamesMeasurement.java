package io.tarn.posix.fuse;

import io.tarn.client.Principal;
import io.tarn.core.protocol.Transport;
import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.core.service.ServiceLimits;
import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.MountTarget;
import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.fs.VolumeFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What programs pay that make and remove many small files on a mount, with and without delegations, in one run: a node and, over a Unix
 * socket, a mount, both in this process. Arguments: how many files, then mount options for each run, {@code -} for none.
 */
public final class NamesMeasurement {
    private static final String CREATE = """
            python3 - <<'E'
            import os, time
            n = %d
            os.mkdir('made'); b = b'x' * 4096
            t = time.monotonic()
            for i in range(n):
              f = os.open('made/f%%d' %% i, os.O_WRONLY | os.O_CREAT | os.O_EXCL); os.write(f, b); os.close(f)
            t = time.monotonic() - t
            print('create+write+close  %%7.0f files/s' %% (n / t))
            t = time.monotonic()
            for i in range(n // 10):
              f = os.open('made/s%%d' %% i, os.O_WRONLY | os.O_CREAT | os.O_EXCL); os.write(f, b); os.fsync(f); os.close(f)
            t = time.monotonic() - t
            print('the same with fsync %%7.0f files/s' %% (n / 10 / t))
            t = time.monotonic()
            for i in range(n): os.unlink('made/f%%d' %% i)
            t = time.monotonic() - t
            print('unlink              %%7.0f files/s' %% (n / t))
            E""";

    private static final String UNTAR = """
            mkdir /var/tmp/names-src-$$; trap 'rm -rf /var/tmp/names-src-$$' EXIT
            for d in $(seq 1 100); do mkdir /var/tmp/names-src-$$/d$d
              for f in $(seq 1 %d); do echo "$d $f" >/var/tmp/names-src-$$/d$d/f$f; done; done
            tar -C /var/tmp/names-src-$$ -cf /var/tmp/names-src-$$.tar .
            s=$(date +%%s%%N); mkdir tree; tar -C tree -xf /var/tmp/names-src-$$.tar
            echo "untar   $(( ($(date +%%s%%N) - s) / 1000000 )) ms"
            s=$(date +%%s%%N); rm -rf tree; echo "rm -rf  $(( ($(date +%%s%%N) - s) / 1000000 )) ms"
            rm -f /var/tmp/names-src-$$.tar""";

    private NamesMeasurement() {}

    public static void main(final String[] arguments) throws Exception {
        final int files = Integer.parseInt(arguments[0]);
        final Path data = Files.createTempDirectory(Path.of("/var/tmp"), "names-measure-");
        try (TestCluster cluster = new TestCluster(data)) {
            final String endpoint = "unix:" + data.resolve("socket");
            cluster.node.service(ServiceLimits.DEFAULT).listen(Transport.address(endpoint));
            for (int run = 1; run < arguments.length; run++) {
                final String options = arguments[run].equals("-") ? "" : arguments[run];
                measure(cluster, endpoint, "volume" + run, options, files);
            }
        }
    }

    private static void measure(
            final TestCluster cluster,
            final String endpoint,
            final String volume,
            final String options,
            final int files)
            throws Exception {
        cluster.volume(volume);
        final Principal owner = TestCluster.OWNER;
        try (RemoteClient client =
                RemoteClient.connect(endpoint, new KeyPair("ROOTKEY", "rootsecret"), RemoteOptions.DEFAULT)) {
            final VolumeFileSystem fileSystem = VolumeFileSystem.of(
                    client, client::session, MountTarget.parse(volume), owner, MountOptions.parse(options));
            try (RealMount mount = new RealMount(fileSystem, SessionOptions.named(volume))) {
                System.out.println("options: " + options);
                time(cluster, mount, CREATE.formatted(files));
                time(cluster, mount, UNTAR.formatted(files / 100));
            }
            fileSystem.close();
        }
    }

    private static void time(final TestCluster cluster, final RealMount mount, final String program) throws Exception {
        final long commands = cluster.commands();
        final Duration before = cpu();
        System.out.println(mount.shell(program));
        System.out.printf(
                "        %d ms of CPU of node and mount, %d commands%n",
                cpu().minus(before).toMillis(), cluster.commands() - commands);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
