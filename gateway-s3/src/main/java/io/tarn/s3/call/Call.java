package io.tarn.s3.call;

import io.tarn.s3.auth.Authentication;
import io.tarn.s3.request.S3Request;

/**
 * One authenticated request.
 *
 * @param request its head
 * @param caller who sent it
 * @param authentication how that is known, and how the body is coded
 * @param body its body as it comes from the wire
 */
public record Call(S3Request request, Caller caller, Authentication authentication, RequestBody body) {}
