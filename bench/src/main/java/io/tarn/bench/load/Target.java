package io.tarn.bench.load;

import io.tarn.bench.process.ListeningPort;
import io.tarn.bench.process.ProcessTree;
import io.tarn.bench.s3.Credentials;
import io.tarn.bench.s3.Payload;
import io.tarn.bench.s3.S3Connection;
import java.io.IOException;
import java.util.Optional;

/**
 * An endpoint with all that is needed to load it and to see what that costs it. Thread-safe.
 *
 * @param endpoint where
 * @param process whose CPU time and memory are read
 * @param credentials signs the requests
 * @param payload contents of the objects
 */
public record Target(Endpoint endpoint, ProcessTree process, Credentials credentials, Payload payload) {
    /**
     * Finds the endpoint's process, by the given id or by its port.
     *
     * @throws IOException when nothing of ours listens there
     */
    public static Target of(
            final Endpoint endpoint, final Optional<Integer> pid, final Credentials credentials, final Payload payload)
            throws IOException {
        final int port = endpoint.address().getPort();
        final Optional<Integer> found = pid.isPresent() ? pid : ListeningPort.owner(port);
        final int owner = found.orElseThrow(() -> new IOException("no process that listens on port " + port
                + " can be seen: is " + endpoint.name() + " running, by the same user? Else give --pid "
                + endpoint.name()
                + "=PID"));
        return new Target(endpoint, new ProcessTree(owner), credentials, payload);
    }

    S3Connection connect() throws IOException {
        return S3Connection.open(endpoint.address(), credentials, payload);
    }
}
