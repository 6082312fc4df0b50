/** A request's body from the wire to the store: decoded, digested and held against everything the client claimed of it. */
package io.tarn.s3.payload;
