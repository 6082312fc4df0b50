package io.tarn.core.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Between a client and its node: cuts the connection after some bytes, wherever in a call that is, and takes the next one. */
final class CuttingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 4 << 10;

    private final ServerSocket listening;
    private final int nodePort;
    private final Random random;
    private final int meanBytes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean cutting = true;

    CuttingProxy(final int nodePort, final long seed, final int meanBytes) throws IOException {
        this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        this.nodePort = nodePort;
        this.random = new Random(seed);
        this.meanBytes = meanBytes;
        threads.execute(this::accept);
    }

    String endpoint() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    int cuts() {
        return cuts.get();
    }

    /** From now on connections last. */
    void spare() {
        cutting = false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                final Socket client = listening.accept();
                final Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort);
                final AtomicLong left = new AtomicLong(random.nextInt(2 * meanBytes));
                threads.execute(() -> pump(client, node, left));
                threads.execute(() -> pump(node, client, left));
            } catch (final IOException closedOrAway) {
                // the client finds out and comes again
                continue;
            }
        }
    }

    private void pump(final Socket from, final Socket to, final AtomicLong left) {
        final byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            final InputStream input = from.getInputStream();
            final OutputStream output = to.getOutputStream();
            int count = input.read(buffer);
            while (count > 0) {
                if (cutting && left.addAndGet(-count) < 0) {
                    cuts.incrementAndGet();
                    return;
                }
                output.write(buffer, 0, count);
                count = input.read(buffer);
            }
        } catch (final IOException cut) {
            // the other direction was cut
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
