//! The wire of protocol buffers: numbered fields, one after another. No field is trusted to be as long as it says.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    /// Four or eight bytes, which nothing here reads.
    Fixed,
    /// A text, a list, or a message in the message.
    Bytes(&'a [u8]),
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A field is longer than what is left.
    Cut,
    /// Something that no writer writes.
    Odd,
}

/// The fields of a message, in order. After a broken one there is none.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Fields<'a> {
        Fields { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), Broken> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Broken::Cut)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Broken::Odd),
        };
        if key >> 3 == 0 { Err(Broken::Odd) } else { Ok((key >> 3, value)) }
    }

    fn varint(&mut self) -> Result<u64, Broken> {
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = self.take(1)?[0];
            // The tenth byte has room for one bit.
            if place == 9 && byte > 1 {
                return Err(Broken::Odd);
            }
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Broken::Odd)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Broken::Cut)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Result<(u64, Value<'_>), Broken>> {
        Fields::of(bytes).collect()
    }

    #[test]
    fn fields_are_read_as_they_are_written() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 0, 0, 0, 0];
        let read = [Ok((1, Value::Varint(150))), Ok((2, Value::Bytes(b"hi"))), Ok((3, Value::Fixed))];
        assert_eq!(all(&bytes), read);
    }

    #[test]
    fn no_field_is_longer_than_the_message() {
        assert_eq!(all(&[0x12, 3, b'h', b'i']), [Err(Broken::Cut)]);
        assert_eq!(all(&[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), [Err(Broken::Cut)]);
        assert_eq!(all(&[0x08]), [Err(Broken::Cut)]);
        assert_eq!(all(&[0x09, 1]), [Err(Broken::Cut)]);
    }

    #[test]
    fn what_no_writer_writes_is_told() {
        assert_eq!(all(&[0x0b]), [Err(Broken::Odd)]);
        assert_eq!(all(&[0x00, 1]), [Err(Broken::Odd)]);
        assert_eq!(all(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), [Err(Broken::Odd)]);
    }
}
