//! The size of a unit: a factor, and powers of base units.

use rust_decimal::Decimal;

/// Powers of metre, gram, second, radian, kelvin, coulomb, candela, mole and calendar month.
pub(super) type Dimension = [i8; 9];

const MONTH: usize = 8;

/// A unit reduced to base units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// The factor as a fraction, so that 60 per minute is exactly once per second.
    over: Decimal,
    under: Decimal,
    pub(super) dimension: Dimension,
}

/// The size of a valid unit, where it has one.
pub(super) type Measure = Option<Size>;

impl Size {
    pub(super) const ONE: Self = Self::new(Decimal::ONE, [0; 9]);

    pub(super) const fn new(factor: Decimal, dimension: Dimension) -> Self {
        Self { over: factor, under: Decimal::ONE, dimension }
    }

    /// A dimensionless number.
    pub(super) fn number(factor: impl Into<Decimal>) -> Self {
        Self::new(factor.into(), [0; 9])
    }

    /// A calendar month has no fixed length, so it is a dimension of its own.
    pub(super) fn calendar_months(count: i64) -> Self {
        let mut dimension = [0; 9];
        dimension[MONTH] = 1;
        Self::new(count.into(), dimension)
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let mut dimension = self.dimension;
        for (mine, theirs) in dimension.iter_mut().zip(other.dimension) {
            *mine = mine.checked_add(theirs)?;
        }
        let (over, under) = (self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?);
        Some(Self { over, under, dimension })
    }

    pub(super) fn power(self, exponent: i8) -> Option<Self> {
        let mut result = Self::ONE;
        for _ in 0..exponent.unsigned_abs() {
            result = result.times(self)?;
        }
        if exponent < 0 {
            // Division by zero.
            (!result.over.is_zero()).then_some(())?;
            std::mem::swap(&mut result.over, &mut result.under);
            for power in &mut result.dimension {
                *power = power.checked_neg()?;
            }
        }
        Some(result)
    }

    /// How many of the other unit make one of this unit; `None` where they measure different things.
    pub(super) fn ratio(self, other: Self) -> Option<Decimal> {
        let (over, under) = self.against(other)?;
        over.checked_div(under)
    }

    /// Two numbers whose ratio is that of this unit to the other.
    pub(super) fn against(self, other: Self) -> Option<(Decimal, Decimal)> {
        (self.dimension == other.dimension).then_some(())?;
        Some((self.over.checked_mul(other.under)?, other.over.checked_mul(self.under)?))
    }
}
