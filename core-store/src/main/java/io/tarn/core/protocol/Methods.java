package io.tarn.core.protocol;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.tarn.core.protocol.wire.AppendAnswer;
import io.tarn.core.protocol.wire.AskAnswer;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.AwaitAnswer;
import io.tarn.core.protocol.wire.AwaitRequest;
import io.tarn.core.protocol.wire.ChallengeAnswer;
import io.tarn.core.protocol.wire.ChallengeRequest;
import io.tarn.core.protocol.wire.CloseRequest;
import io.tarn.core.protocol.wire.CreateExtentRequest;
import io.tarn.core.protocol.wire.Done;
import io.tarn.core.protocol.wire.Heartbeat;
import io.tarn.core.protocol.wire.LocateAnswer;
import io.tarn.core.protocol.wire.LocateRequest;
import io.tarn.core.protocol.wire.Note;
import io.tarn.core.protocol.wire.OpenRequest;
import io.tarn.core.protocol.wire.PinAnswer;
import io.tarn.core.protocol.wire.PinRequest;
import io.tarn.core.protocol.wire.ProposeAnswer;
import io.tarn.core.protocol.wire.ProposeRequest;
import io.tarn.core.protocol.wire.ReadRequest;
import io.tarn.core.protocol.wire.RoomRequest;
import io.tarn.core.protocol.wire.SealExtentRequest;
import io.tarn.core.protocol.wire.SessionGrant;
import io.tarn.core.protocol.wire.TakeOverRequest;
import io.tarn.core.protocol.wire.UnpinRequest;

/** The methods of a node; see {@code remote.proto}. */
public final class Methods {
    /** Most bytes of a message or frame: an append of the longest record, or a command of very many slices. */
    public static final int MESSAGE_BYTES_MAX = 8 << 20;

    public static final String SESSION = "tarn.Session";
    public static final String NAMES = "tarn.Names";
    public static final String EXTENTS = "tarn.Extents";

    public static final MethodDescriptor<ChallengeRequest, ChallengeAnswer> CHALLENGE =
            unary(SESSION, "Challenge", ChallengeRequest.parser(), ChallengeAnswer.parser());

    public static final MethodDescriptor<OpenRequest, SessionGrant> OPEN =
            unary(SESSION, "Open", OpenRequest.parser(), SessionGrant.parser());

    public static final MethodDescriptor<TakeOverRequest, SessionGrant> TAKE_OVER =
            unary(SESSION, "TakeOver", TakeOverRequest.parser(), SessionGrant.parser());

    public static final MethodDescriptor<CloseRequest, Done> CLOSE =
            unary(SESSION, "Close", CloseRequest.parser(), Done.parser());

    public static final MethodDescriptor<ProposeRequest, ProposeAnswer> PROPOSE =
            unary(NAMES, "Propose", ProposeRequest.parser(), ProposeAnswer.parser());

    public static final MethodDescriptor<AskRequest, AskAnswer> ASK =
            unary(NAMES, "Ask", AskRequest.parser(), AskAnswer.parser());

    public static final MethodDescriptor<AwaitRequest, AwaitAnswer> AWAIT =
            unary(NAMES, "Await", AwaitRequest.parser(), AwaitAnswer.parser());

    public static final MethodDescriptor<PinRequest, PinAnswer> PIN =
            unary(NAMES, "Pin", PinRequest.parser(), PinAnswer.parser());

    public static final MethodDescriptor<UnpinRequest, Done> UNPIN =
            unary(NAMES, "Unpin", UnpinRequest.parser(), Done.parser());

    public static final MethodDescriptor<CreateExtentRequest, Done> CREATE =
            unary(EXTENTS, "Create", CreateExtentRequest.parser(), Done.parser());

    public static final MethodDescriptor<SealExtentRequest, Done> SEAL =
            unary(EXTENTS, "Seal", SealExtentRequest.parser(), Done.parser());

    public static final MethodDescriptor<RoomRequest, Done> REQUIRE_ROOM =
            unary(EXTENTS, "RequireRoom", RoomRequest.parser(), Done.parser());

    public static final MethodDescriptor<LocateRequest, LocateAnswer> LOCATE =
            unary(EXTENTS, "Locate", LocateRequest.parser(), LocateAnswer.parser());

    public static final MethodDescriptor<Heartbeat, Note> ATTEND =
            method(MethodType.BIDI_STREAMING, SESSION, "Attend", Heartbeat.parser(), Note.parser());

    public static final MethodDescriptor<Frame, AppendAnswer> APPEND =
            MethodDescriptor.<Frame, AppendAnswer>newBuilder()
                    .setType(MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(EXTENTS, "Append"))
                    .setRequestMarshaller(Frame.MARSHALLER)
                    .setResponseMarshaller(new ProtoMarshaller<>(AppendAnswer.parser()))
                    .build();

    public static final MethodDescriptor<ReadRequest, Frame> READ = MethodDescriptor.<ReadRequest, Frame>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(EXTENTS, "Read"))
            .setRequestMarshaller(new ProtoMarshaller<>(ReadRequest.parser()))
            .setResponseMarshaller(Frame.MARSHALLER)
            .build();

    private Methods() {}

    private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> unary(
            final String service, final String name, final Parser<Q> question, final Parser<A> answer) {
        return method(MethodType.UNARY, service, name, question, answer);
    }

    private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> method(
            final MethodType type,
            final String service,
            final String name,
            final Parser<Q> question,
            final Parser<A> answer) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(new ProtoMarshaller<>(question))
                .setResponseMarshaller(new ProtoMarshaller<>(answer))
                .build();
    }
}
