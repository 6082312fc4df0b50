package io.tarn.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * A server to measure.
 *
 * @param name column title in the report
 * @param address where it listens: always on this machine, for its CPU time is read from {@code /proc}
 */
public record Endpoint(String name, InetSocketAddress address) {
    private static final int HTTP_PORT = 80;

    /**
     * Parses {@code [name=]http://host[:port]}; the name defaults to host and port.
     *
     * @throws IllegalArgumentException for another scheme, a path, or a host that is not a loopback address
     */
    public static Endpoint parse(final String text) {
        final int equals = text.indexOf('=');
        final URI uri = URI.create(text.substring(equals + 1));
        if (uri.getScheme() == null
                || !uri.getScheme().toLowerCase(Locale.ROOT).equals("http")
                || uri.getHost() == null) {
            throw new IllegalArgumentException("'" + text + "' is not of the form [name=]http://host:port");
        }
        if (!uri.getPath().isEmpty() && !uri.getPath().equals("/")) {
            throw new IllegalArgumentException("'" + text + "' must not have a path: buckets are addressed path-style");
        }
        final int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        final InetSocketAddress address = new InetSocketAddress(loopback(uri.getHost()), port);
        final String name = equals > 0 ? text.substring(0, equals) : uri.getHost() + ':' + port;
        return new Endpoint(name, address);
    }

    private static InetAddress loopback(final String host) {
        try {
            final InetAddress address = InetAddress.getByName(host);
            if (address.isLoopbackAddress()) {
                return address;
            }
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException("host '" + host + "' is unknown", e);
        }
        throw new IllegalArgumentException(
                "'" + host + "' is not a loopback address: the benchmark loads servers of this machine "
                        + "only, because it reads their CPU time from /proc and must not load anybody else's");
    }
}
