package io.tarn.core.node;

import io.tarn.client.ChangeFeed;
import io.tarn.core.protocol.Transport;
import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.core.service.ServiceLimits;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The change feed, read by a client in another process as far as the node can tell. */
final class ChangeFeedOverTcpTest extends ChangeFeedTest {
    private final List<RemoteClient> clients = new ArrayList<>();

    @Override
    ChangeFeed feed(final LocalNode its) {
        final InetSocketAddress address =
                (InetSocketAddress) its.service(ServiceLimits.DEFAULT).listen(Transport.address("127.0.0.1:0"));
        final RemoteClient client = RemoteClient.connect(
                "127.0.0.1:" + address.getPort(), new KeyPair("ROOTKEY", "rootsecret"), RemoteOptions.DEFAULT);
        clients.add(client);
        return client.changes();
    }

    @AfterEach
    void leave() {
        clients.forEach(RemoteClient::leave);
    }
}
