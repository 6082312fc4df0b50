package io.tarn.core.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Messages as protobuf. Writing goes straight to the transport's buffer; reading is one copy to an array of the message's length, whose
 * parts the message then shares.
 */
final class ProtoMarshaller<T extends MessageLite> implements MethodDescriptor.Marshaller<T> {
    private final Parser<T> parser;

    ProtoMarshaller(final Parser<T> parser) {
        this.parser = parser;
    }

    @Override
    public InputStream stream(final T value) {
        return new MessageStream(value);
    }

    @Override
    public T parse(final InputStream stream) {
        try {
            final byte[] bytes = stream.readAllBytes();
            final CodedInputStream input = CodedInputStream.newInstance(bytes);
            final T message = parser.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (final IOException malformed) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("the message does not parse")
                    .withCause(malformed)
                    .asRuntimeException();
        }
    }

    /** Serialises when the transport drains it. */
    private static final class MessageStream extends InputStream implements Drainable, KnownLength {
        private final MessageLite message;
        private final int length;
        private byte[] unread = new byte[0];
        private int position;
        private boolean started;

        MessageStream(final MessageLite message) {
            this.message = message;
            this.length = message.getSerializedSize();
        }

        @Override
        public int drainTo(final OutputStream target) throws IOException {
            final CodedOutputStream output = CodedOutputStream.newInstance(target, Math.min(length + 1, 4 << 10));
            message.writeTo(output);
            output.flush();
            return length;
        }

        @Override
        public int available() {
            return length - position;
        }

        @Override
        public int read() {
            serialize();
            return position < unread.length ? unread[position++] & 0xff : -1;
        }

        @Override
        public int read(final byte[] target, final int offset, final int count) {
            serialize();
            final int step = Math.min(count, unread.length - position);
            System.arraycopy(unread, position, target, offset, step);
            position += step;
            return step == 0 && count > 0 ? -1 : step;
        }

        private void serialize() {
            if (!started) {
                started = true;
                unread = message.toByteArray();
            }
        }
    }
}
